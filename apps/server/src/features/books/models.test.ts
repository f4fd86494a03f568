import { routes } from '@scriptorium/contract';
import { modelEngine } from '@scriptorium/llm';
import { reply, startModelServer, type ModelScript } from '@scriptorium/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { fitIntoRow } from './books.pipeline.ts';
import { endOf, SCENE, startBooksServer, storyBook } from './testing.ts';

const QUOTE = SCENE.split('. ')[1] ?? '';

/** What a model says that has read well: the scene is the third paragraph, after the title and the first sentence. */
const good = () =>
  reply.answer({ items: [{ paragraph: 3, kind: 'place', quote: QUOTE, confidence: 0.9 }] });

async function startWithModel(script: ModelScript) {
  const model = await startModelServer(script);
  const engine = modelEngine({ model: 'openai-compatible/tiny', keys: {}, baseUrl: model.url });
  const books = await startBooksServer({ engine });
  onTestFinished(async () => {
    await books.stop();
    await model.close();
  });
  return { model, ...books };
}

async function prepare(ada: Awaited<ReturnType<typeof startWithModel>>['ada'], title: string) {
  const form = { file: await storyBook(title, 1) };
  const { book, job } = await ada.call(routes.books.upload, { form });
  const last = await endOf(ada, job?.id ?? 0);
  return { last, bookId: book.id, jobId: job?.id ?? 0 };
}

test('a model’s quotes are stored where they stand in the text, and its calls are counted', async () => {
  const { ada, model } = await startWithModel(good);
  const { last, bookId, jobId } = await prepare(ada, 'Read by a model');
  expect(last).toBe('job.completed');
  const params = { id: bookId, n: 2 };
  const { text } = await ada.call(routes.books.chapter, { params });
  const found = await ada.call(routes.books.descriptions, { params, query: {} });
  expect(found).toMatchObject({ engine_label: expect.stringContaining('tiny') });
  expect(found.descriptions.map(({ start, end }) => text.slice(start, end))).toEqual([QUOTE]);
  const job = await ada.call(routes.jobs.get, { params: { id: jobId } });
  expect(job.llm_calls).toBe(model.requests.length);
  expect(job.tokens_used).toBe(120 * model.requests.length);
  expect(job.chunk_results[0]?.label_coded).toMatchObject({
    code: 'part.chapter',
    params: { title: expect.any(String) },
  });
});

test('a model that is busy postpones the chapter until then, uses up no try, and the job says what it waits for', async () => {
  let calls = 0;
  const { ada, kernel, pool } = await startWithModel(() => {
    calls += 1;
    return calls === 1 ? reply.status(429, { headers: { 'retry-after': '1' } }) : good();
  });
  const { last, jobId } = await prepare(ada, 'Read later');
  expect(last).toBe('job.completed');
  const waiting = (await kernel.events(jobId, 0)).filter(({ type }) => type === 'job.waiting');
  expect(waiting).toHaveLength(1);
  expect(waiting[0]?.data['waiting_for']).toMatchObject({ until: expect.any(String) });
  const { events } = await ada.call(routes.jobs.events, { params: { id: jobId }, query: {} });
  const told = events.find(({ type }) => type === 'job.waiting');
  expect(told?.data).toMatchObject({
    waiting_for: { code: 'wait.model_limit', params: { model: expect.stringContaining('tiny') } },
  });
  const { rows } = await pool.query(`SELECT failures FROM kernel.works WHERE kind = 'chunk'`);
  expect(rows).toEqual([{ failures: 0 }]);
});

test('a key that is refused fails the chapter at once with what to do, and asks no second time', async () => {
  const { ada, model } = await startWithModel(() => reply.status(401, {}));
  const { last, jobId } = await prepare(ada, 'Not read');
  expect(last).toBe('job.failed');
  expect(model.requests).toHaveLength(1);
  const job = await ada.call(routes.jobs.get, { params: { id: jobId } });
  expect(job.gaps[0]).toMatchObject({ code: 'llm.bad_key' });
});

test('a result that is too large for a row loses its rejects first, then what is least certain', () => {
  const long = 'я'.repeat(2000);
  const description = (confidence: number) => ({
    kind: 'place' as const,
    quote: long,
    start: 0,
    end: 2000,
    confidence,
  });
  const result = {
    engine: 'tiny',
    descriptions: Array.from({ length: 80 }, (_each, place) => description(place / 100)),
    rejects: [{ quote: long, reason: 'not_in_text', score: 0 }],
  };
  const fitting = fitIntoRow(result);
  expect(Buffer.byteLength(JSON.stringify(fitting))).toBeLessThanOrEqual(200_000);
  expect(fitting.rejects).toEqual([]);
  expect(fitting.descriptions.length).toBeGreaterThan(40);
  expect(fitting.descriptions).toEqual(result.descriptions.slice(-fitting.descriptions.length));
  expect(
    fitIntoRow({ ...result, descriptions: result.descriptions.slice(0, 3) }).rejects,
  ).toHaveLength(1);
});
