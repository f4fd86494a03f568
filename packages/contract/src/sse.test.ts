import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readServerSentEvents, type ServerSentMessage } from './sse.ts';

function streamOf(chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

async function read(chunks: readonly Uint8Array[]): Promise<ServerSentMessage[]> {
  return Array.fromAsync(readServerSentEvents(streamOf(chunks)));
}

const encode = (text: string) => new TextEncoder().encode(text);

describe('readServerSentEvents', () => {
  it('reads names, ids and data over several lines, and skips comments', async () => {
    const text = ': hello\n\nid: 7\nevent: job.started\ndata: {"a":\ndata: 1}\n\ndata:x\n\n';
    expect(await read([encode(text)])).toEqual([
      { event: 'job.started', data: '{"a":\n1}', id: '7' },
      { event: 'message', data: 'x', id: '7' },
    ]);
  });

  it('drops a message that was cut off before its blank line', async () => {
    expect(await read([encode('data: whole\n\ndata: half\n')])).toEqual([
      { event: 'message', data: 'whole', id: '' },
    ]);
  });

  it('gives the same messages wherever the bytes are cut, with every kind of line end', async () => {
    const text = 'id: 1\r\ndata: déjà\r\n\r\nid: 2\ndata: 夜\n\nid: 3\rdata: x\r\rid: 4\n';
    const bytes = encode(text);
    const whole = await read([bytes]);
    expect(whole.map(({ id, data }) => `${id} ${data}`)).toEqual(['1 déjà', '2 夜', '3 x']);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 8 }), async (cuts) => {
        const ends = [...cuts.toSorted((a, b) => a - b), bytes.length];
        const chunks = ends.map((end, i) => bytes.slice(ends[i - 1] ?? 0, end));
        expect(await read(chunks)).toEqual(whole);
      }),
    );
  });

  it('lets go of the stream when its reader stops early', async () => {
    let isCancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(encode('data: again\n\n')),
      cancel: () => void (isCancelled = true),
    });
    for await (const message of readServerSentEvents(endless)) {
      expect(message.data).toBe('again');
      break;
    }
    expect(isCancelled).toBe(true);
  });
});
