import { routes, type CallResult } from '@scriptorium/contract';
import { reply, shortenedBy, startModelServer, type ModelServer } from '@scriptorium/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { endOf, refusalOf } from '../../testing.ts';
import { sampleNovel, startNovelsServer, type NovelsServer } from './testing.ts';

/* What doing something again will take is known before a credit is held, and is what is held then. */

let model: ModelServer;
let novels: NovelsServer;
let novelId: number;
beforeAll(async () => {
  model = await startModelServer([]);
  novels = await startNovelsServer({ modelUrl: model.url });
  await novels.grant('ada', 10_000);
  novelId = (await novels.upload(await sampleNovel())).id;
});
afterAll(async () => {
  await novels.stop();
  await model.close();
});
// Another limit each time: what an earlier test has made is not found done.
let words = 7;
beforeEach(() => {
  words += 1;
  model.follow((request) => shortenedBy(request, words));
});

/** A job of rules alone, which leaves sentences over the limit; gives its number and how many those are. */
async function offlineJob(): Promise<{ id: number; over: number }> {
  const { job_id: id } = await novels.ada.call(routes.novels.process, {
    form: { novel_id: novelId, sentence_length_limit: words, gemini_model: 'offline' },
  });
  const { audit } = await novels.ada.call(routes.novels.sentences, { params: { id }, query: {} });
  return { id, over: audit.labels.over_limit ?? 0 };
}

/** A job whose only part is refused by the model. */
async function failedJob(): Promise<number> {
  model.follow(() => reply.status(401));
  const { job_id: id } = await novels.ada.call(routes.novels.processAsync, {
    form: { novel_id: novelId, sentence_length_limit: words },
  });
  expect(await endOf(novels.ada, id)).toBe('job.failed');
  model.follow((request) => shortenedBy(request, words));
  return id;
}

const balance = () => novels.ada.call(routes.credits.balance, {});
const retryEstimate = (id: number) =>
  novels.ada.call(routes.novels.estimateRetry, { params: { id } });

/** What was held for a job at its start. */
async function heldFor(id: number): Promise<number> {
  const { credits } = await novels.ada.call(routes.credits.receipt, { params: { id } });
  return credits?.held ?? 0;
}

type Estimate = CallResult<typeof routes.novels.estimateRetry>;

/** Estimates and then starts; neither a credit nor a call is spent on the estimate. */
async function estimatedAndHeld(
  estimate: () => Promise<Estimate>,
  start: () => Promise<{ id: number }>,
): Promise<Estimate> {
  const [before, calls] = [await balance(), model.requests.length];
  const estimated = await estimate();
  expect([await balance(), model.requests.length]).toEqual([before, calls]);
  const { id } = await start();
  expect(await heldFor(id)).toBe(estimated.credits.high);
  expect(await endOf(novels.ada, id)).toBe('job.completed');
  const made = model.requests.length - calls;
  expect(made).toBeGreaterThanOrEqual(estimated.calls.low);
  expect(made).toBeLessThanOrEqual(estimated.calls.high);
  return estimated;
}

describe('a redo', () => {
  it('of all that is over the limit is estimated by what is held for it then', async () => {
    const { id, over } = await offlineJob();
    const call = { params: { id }, body: {} };
    const estimate = await estimatedAndHeld(
      () => novels.ada.call(routes.novels.estimateRedo, call),
      () => novels.ada.call(routes.novels.redo, call),
    );
    expect(estimate).toMatchObject({
      sentences: over,
      long_sentences: over,
      chunks: 2,
      stored_chunks: 1,
      gemini_model: 'balanced',
      engine: 'openai-compatible/tiny',
    });
    expect(estimate.credits.low).toBeGreaterThan(0);
    expect(estimate.seconds.high).toBeGreaterThan(estimate.seconds.low);
  });

  it('of a selection counts its sentences and pages alone, and costs less', async () => {
    const { id } = await offlineJob();
    const { sentences } = await novels.ada.call(routes.novels.sentences, {
      params: { id },
      query: { label: 'over_limit' },
    });
    const [first] = sentences;
    const other = sentences.find(({ page }) => page !== first?.page);
    const all = await novels.ada.call(routes.novels.estimateRedo, { params: { id }, body: {} });
    const call = { params: { id }, body: { sentence_ids: [first!.id, other!.id] } };
    const estimate = await estimatedAndHeld(
      () => novels.ada.call(routes.novels.estimateRedo, call),
      () => novels.ada.call(routes.novels.redo, call),
    );
    expect(estimate).toMatchObject({ sentences: 2, pages: 2 });
    expect(estimate.credits.high).toBeLessThan(all.credits.high);
    const again = await novels.ada.call(routes.novels.estimateRedo, call);
    expect(again).toMatchObject({ sentences: 0, pages: 0, stored_chunks: 2, credits: { high: 0 } });
  });

  it('by rules is estimated as free, and holds nothing', async () => {
    const { id, over } = await offlineJob();
    const call = { params: { id }, body: { gemini_model: 'offline' } } as const;
    const estimate = await estimatedAndHeld(
      () => novels.ada.call(routes.novels.estimateRedo, call),
      () => novels.ada.call(routes.novels.redo, call),
    );
    const free = { credits: { low: 0, high: 0 }, cost_usd: { low: 0, high: 0 } };
    expect(estimate).toMatchObject({ ...free, sentences: over });
  });
});

describe('a retry', () => {
  it('of a job that failed is estimated by what is held for it then', async () => {
    const id = await failedJob();
    const estimate = await estimatedAndHeld(
      () => retryEstimate(id),
      () => novels.ada.call(routes.jobs.retry, { params: { id } }),
    );
    const whole = await novels.ada.call(routes.novels.get, { params: { id: novelId } });
    expect(estimate).toMatchObject({ sentences: whole.sentences, stored_chunks: 0 });
    expect(await retryEstimate(id)).toMatchObject({ sentences: 0, credits: { low: 0, high: 0 } });
  });

  it('does only what failed, and is estimated so', async () => {
    const { id, over } = await offlineJob();
    model.follow(() => reply.status(401));
    const redo = await novels.ada.call(routes.novels.redo, { params: { id }, body: {} });
    await endOf(novels.ada, redo.id);
    model.follow((request) => shortenedBy(request, words));
    const estimate = await estimatedAndHeld(
      () => retryEstimate(redo.id),
      () => novels.ada.call(routes.jobs.retry, { params: { id: redo.id } }),
    );
    expect(estimate).toMatchObject({ sentences: over, chunks: 2, stored_chunks: 1 });
  });
});

it('nothing is estimated of a job that runs, or of somebody else', async () => {
  const id = await failedJob();
  model.follow(() => reply.silence());
  const running = await novels.ada.call(routes.jobs.retry, { params: { id } });
  const params = { id: running.id };
  for (const ask of [
    () => retryEstimate(running.id),
    () => novels.ada.call(routes.novels.estimateRedo, { params, body: {} }),
  ]) {
    expect(await refusalOf(ask())).toMatchObject({ status: 409, code: 'novel.job_open' });
  }
  const others = novels.bob.call(routes.novels.estimateRetry, { params: { id } });
  expect(await refusalOf(others)).toMatchObject({ status: 404, code: 'job.not_found' });
  await novels.ada.call(routes.jobs.cancel, { params });
});
