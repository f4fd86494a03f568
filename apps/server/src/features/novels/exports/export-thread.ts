/** A thread of `ExportThreads`: is sent one result after the other, in slices, and answers each with its file. */
import { parentPort } from 'node:worker_threads';
import type { ShortenedSentence } from '@scriptorium/contract';
import type { ExportedFile } from './export.ts';
import type { ExportMessage } from './export-threads.ts';
import { exportResult } from './index.ts';

let sentences: ShortenedSentence[] = [];

// A defect of a format ends the thread, by a rejection that nobody handles; the server hears of it and starts another.
parentPort?.on('message', (message: ExportMessage) => {
  if (message.kind === 'sentences') sentences.push(...message.sentences);
  else void answer(message);
});

async function answer({ format, author, head }: ExportMessage & { kind: 'head' }): Promise<void> {
  const result = { ...head, sentences };
  sentences = [];
  const { content, ...file } = await exportResult(format, { result, author });
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  // A copy of its own, which is handed over instead of copied once more: what Node keeps in its pool cannot be.
  const own = new Uint8Array(bytes);
  const exported: ExportedFile = { ...file, content: own };
  parentPort?.postMessage(exported, [own.buffer]);
}
