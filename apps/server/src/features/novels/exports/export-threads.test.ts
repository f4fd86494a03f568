import type { NovelResult, ResultFormat } from '@scriptorium/contract';
import { readSheet } from 'read-excel-file/node';
import { afterEach, describe, expect, it } from 'vitest';
import { startTestServer } from '../../../testing.ts';
import { auditOf } from '../audit.ts';
import { ExportThreads } from './export-threads.ts';
import { exportResult } from './index.ts';

const threads = new Set<ExportThreads>();
afterEach(async () => {
  for (const each of threads) await each.close();
  threads.clear();
});

function start(): ExportThreads {
  const started = new ExportThreads();
  threads.add(started);
  return started;
}

/** A result of so many sentences, as a novel of 500 pages and more has them. */
function sourceOf(count: number) {
  const sentences = Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    page: Math.floor(index / 40) + 1,
    source: `In sentence ${index} the clock of the town struck, and nobody who heard it believed it.`,
    sentences: [`In sentence ${index} the clock struck.`, 'Nobody who heard it believed it.'],
    label: 'split' as const,
    is_paragraph_start: index % 4 === 0,
    is_heading: index % 400 === 0,
  }));
  const result: NovelResult = {
    job_id: 7,
    novel_id: 3,
    title: 'The Clock',
    language: 'en',
    sentence_length_limit: 12,
    engine: 'offline-rules-en/1',
    is_offline: true,
    is_partial: false,
    gaps: [],
    audit: auditOf([], 0),
    sentences,
  };
  return { result, author: 'Jules & Cie' };
}

const FORMATS: readonly ResultFormat[] = ['json', 'txt', 'csv', 'tsv', 'xlsx', 'html', 'epub'];
const bytesOf = (content: string | Uint8Array) => Buffer.from(content).toString('base64');

describe('a file that is made in a thread', () => {
  // A workbook names the moment at which it was made.
  it.each(FORMATS.filter((format) => format !== 'xlsx'))(
    'is the one that would be made here: %s',
    async (format) => {
      const source = sourceOf(1201);
      const made = await start().make(format, source);
      const here = await exportResult(format, source);
      expect({ ...made, content: bytesOf(made.content) }).toEqual({
        ...here,
        content: bytesOf(here.content),
      });
    },
  );

  it('is a workbook, too', async () => {
    const source = sourceOf(1201);
    const { content, ...made } = await start().make('xlsx', source);
    const { content: _, ...here } = await exportResult('xlsx', source);
    expect(made).toEqual(here);
    expect((await readSheet(Buffer.from(content), 'Sentences')).at(-1)?.[0]).toBe(1201);
  });

  it.each(FORMATS)('lets the server answer others meanwhile: %s', async (format) => {
    const server = await startTestServer({
      features: [],
      authenticate: () => Promise.reject(new Error('nobody is asked')),
    });
    const source = sourceOf(20_000);
    const order: string[] = [];
    const exporting = start()
      .make(format, source)
      .then(() => order.push('the file'));
    for (const number of [1, 2, 3]) {
      expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
      order.push(`answer ${number}`);
    }
    await exporting;
    expect(order).toEqual(['answer 1', 'answer 2', 'answer 3', 'the file']);
    await server.stop();
  });

  it('is not made to its end when its reader goes, in work or in the queue', async () => {
    const exports = start();
    const source = sourceOf(20_000);
    const leaving = [1, 2, 3].map(() => new AbortController());
    const making = leaving.map(({ signal }) => exports.make('xlsx', source, signal));
    const reason = new Error('The reader has gone.');
    const ends = Promise.allSettled(making);
    // The third waits for a turn, since two are made at a time.
    for (const reader of leaving.toReversed()) reader.abort(reason);
    expect(await ends).toEqual(leaving.map(() => ({ status: 'rejected', reason })));
    expect(exports.running).toBe(0);
    const { content } = await exports.make('txt', sourceOf(3));
    expect(content.length).toBeGreaterThan(100);
  });
});
