import { routes } from '@scriptorium/contract';
import { reply, shortenedBy, startModelServer } from '@scriptorium/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { endOf } from '../../testing.ts';
import type { NovelChunk } from './plan-novel.ts';
import { ReadyRequests } from './ready-requests.ts';
import { sampleNovel, startNovelsServer } from './testing.ts';

const ADA = 1;
const BOB = 2;
const CHUNK: NovelChunk = {
  sha256: 'a'.repeat(64),
  readerVersion: 1,
  fromPage: 1,
  toPage: 15,
  language: 'fr',
  maxWords: 12,
  engine: 'offline-rules-fr/1',
};
const request = { language: 'fr', maxWords: 12, before: [], sentences: [], after: [] };

test('a request is there once, for the very part and owner it was made for', () => {
  const ready = new ReadyRequests();
  ready.put(ADA, CHUNK, request);
  expect(ready.take(BOB, CHUNK)).toBeUndefined();
  for (const other of [
    { sha256: 'b'.repeat(64) },
    { readerVersion: 2 },
    { fromPage: 2 },
    { toPage: 14 },
    { sentenceIds: [1] },
    { language: 'en' },
    { maxWords: 11 },
    { engine: 'another' },
  ]) {
    expect(ready.take(ADA, { ...CHUNK, ...other })).toBeUndefined();
  }
  expect(ready.take(ADA, CHUNK)).toBe(request);
  expect(ready.take(ADA, CHUNK)).toBeUndefined();
});

test('of many requests that nobody takes, the oldest are forgotten', () => {
  const ready = new ReadyRequests();
  const parts = Array.from({ length: 200 }, (_, index) => ({ ...CHUNK, fromPage: index + 1 }));
  for (const part of parts) ready.put(ADA, part, request);
  const kept = parts.filter((part) => ready.take(ADA, part) !== undefined);
  expect(kept).toEqual(parts.slice(-128));
});

test('a part that is tried again reads its text anew, and asks the same', async () => {
  const model = await startModelServer([]);
  onTestFinished(() => model.close());
  const novels = await startNovelsServer({ modelUrl: model.url });
  onTestFinished(() => novels.stop());
  await novels.grant('ada', 1000);
  const novel = await novels.upload(await sampleNovel());
  model.follow((question) =>
    model.requests.length === 1
      ? reply.status(429, { headers: { 'retry-after': '1' } })
      : shortenedBy(question, 9),
  );
  const form = { novel_id: novel.id, sentence_length_limit: 9 };
  const { job_id: jobId } = await novels.ada.call(routes.novels.processAsync, { form });
  expect(await endOf(novels.ada, jobId)).toBe('job.completed');
  const [first, second] = model.requests;
  expect(first?.prompt).toBeDefined();
  expect(second?.prompt).toBe(first?.prompt);
  const params = { id: jobId };
  const { audit } = await novels.ada.call(routes.novels.sentences, {
    params,
    query: { limit: 1 },
  });
  expect(audit).toMatchObject({ missing: 0, expected: novel.sentences });
});
