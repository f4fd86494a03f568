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

/** What reads the text of a part from the database. */
const READS_A_PART = 'p.number BETWEEN';

async function underTest() {
  const model = await startModelServer([]);
  onTestFinished(() => model.close());
  const queries: string[] = [];
  const onQuery = (text: string) => void queries.push(text);
  const novels = await startNovelsServer({ modelUrl: model.url, onQuery });
  onTestFinished(() => novels.stop());
  await novels.grant('ada', 1000);
  const novel = await novels.upload(await sampleNovel());
  const shorten = async () => {
    const form = { novel_id: novel.id, sentence_length_limit: 9 };
    const { job_id: id } = await novels.ada.call(routes.novels.processAsync, { form });
    expect(await endOf(novels.ada, id)).toBe('job.completed');
    const query = { limit: 1 };
    const { audit } = await novels.ada.call(routes.novels.sentences, { params: { id }, query });
    expect(audit).toMatchObject({ missing: 0, expected: novel.sentences });
  };
  const reads = () => queries.filter((text) => text.includes(READS_A_PART)).length;
  return { model, shorten, reads };
}

test('a request is there once, for the very part and owner it was made for', () => {
  const ready = new ReadyRequests();
  ready.put(ADA, [{ input: CHUNK, request }]);
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

test('there is room for so many: of a large plan for the first, and older plans make room', () => {
  const ready = new ReadyRequests();
  const older = { input: { ...CHUNK, maxWords: 7 }, request };
  ready.put(ADA, [older]);
  const parts = Array.from({ length: 200 }, (_, index) => ({
    input: { ...CHUNK, fromPage: index + 1 },
    request,
  }));
  ready.put(ADA, parts);
  const kept = [older, ...parts].filter(({ input }) => ready.take(ADA, input) !== undefined);
  expect(kept).toEqual(parts.slice(0, 128));
});

test('a part that follows its plan asks what the plan has made ready, and does not read its text', async () => {
  const { model, shorten, reads } = await underTest();
  model.follow((question) => shortenedBy(question, 9));
  await shorten();
  expect(reads()).toBe(0);
});

test('a part that is tried again reads its text anew, and asks the same', async () => {
  const { model, shorten, reads } = await underTest();
  model.follow((question) =>
    model.requests.length === 1
      ? reply.status(429, { headers: { 'retry-after': '1' } })
      : shortenedBy(question, 9),
  );
  await shorten();
  const [refused, ...answered] = model.requests.map(({ prompt }) => prompt);
  expect(answered).toContain(refused);
  expect(reads()).toBeGreaterThan(0);
});
