import { routes } from '@scriptorium/contract';
import { reply, shortenedBy, startModelServer, type ModelServer } from '@scriptorium/testkit';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { endOf, refusalOf } from '../../testing.ts';
import { FACTOR, sampleNovel, startNovelsServer, type NovelsServer } from './testing.ts';

let model: ModelServer;
let novels: NovelsServer;
let pdf: Uint8Array;
beforeAll(async () => {
  model = await startModelServer([]);
  [novels, pdf] = await Promise.all([startNovelsServer({ modelUrl: model.url }), sampleNovel()]);
  await novels.grant('ada', 10_000);
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

const balance = () => novels.ada.call(routes.credits.balance, {});
const USED = { input: 900, output: 600 };

it('tells which models there are, and which is taken without a choice', async () => {
  const offered = await novels.ada.call(routes.novels.models, {});
  expect(offered).toEqual({ models: ['offline', 'balanced'], preset: 'balanced' });
});

it('confirms with an estimate and a hold, settles what was used and returns the rest', async () => {
  const before = await balance();
  const novel = await novels.upload(pdf);
  const confirmed = await novels.ada.call(routes.novels.confirm, {
    body: { novel_id: novel.id, sentence_length_limit: words },
  });
  expect(confirmed.credits_held).toBe(confirmed.estimate.credits.high);
  expect(await balance()).toMatchObject({
    available: before.available - confirmed.credits_held,
    held: confirmed.credits_held,
  });
  const calls = model.requests.length;
  const started = await novels.ada.call(routes.novels.processAsync, {
    form: { novel_id: novel.id, sentence_length_limit: words, job_id: confirmed.job_id },
  });
  expect(started.job_id).toBe(confirmed.job_id);
  expect(await endOf(novels.ada, started.job_id)).toBe('job.completed');
  const made = model.requests.length - calls;
  expect(made).toBe(confirmed.estimate.calls.low);
  const cost = (made * (USED.input + USED.output) * FACTOR) / 1000;
  expect(await balance()).toEqual({
    available: before.available - cost,
    held: 0,
    balance: before.balance - cost,
  });
  const receipt = await novels.ada.call(routes.credits.receipt, { params: { id: started.job_id } });
  expect(receipt).toMatchObject({
    calls: made,
    tokens: made * (USED.input + USED.output),
    engine: 'openai-compatible/tiny',
    credits: { held: confirmed.credits_held, settled: cost },
    // Nobody knows the price of a model of one's own, and unknown is not nothing.
    cost_usd: null,
  });
  const { entries } = await novels.ada.call(routes.credits.entries, {
    query: { job_id: started.job_id },
  });
  expect(entries.map(({ kind }) => kind).toSorted()).toEqual(['hold', 'release', 'settle']);
});

it('makes no call and takes no credit for a document with options that were done before', async () => {
  const novel = await novels.upload(pdf);
  const form = { novel_id: novel.id, sentence_length_limit: words };
  await novels.ada.call(routes.novels.process, { form });
  const [before, calls] = [await balance(), model.requests.length];
  const again = await novels.ada.call(routes.novels.process, { form });
  expect(again).toMatchObject({ is_partial: false });
  expect(model.requests).toHaveLength(calls);
  expect(await balance()).toEqual(before);
});

it('refuses without enough credits, with nothing stored and no call made', async () => {
  const upload = await novels.bob.call(routes.novels.upload, {
    form: { file: new File([Uint8Array.from(pdf)], 'bob.pdf') },
  });
  const calls = model.requests.length;
  const refusal = await refusalOf(
    novels.bob.call(routes.novels.processAsync, { form: { novel_id: upload.novel.id } }),
  );
  expect(refusal).toMatchObject({ status: 402, code: 'credit.insufficient' });
  expect((await novels.bob.call(routes.jobs.list, { query: {} })).jobs).toEqual([]);
  expect(model.requests).toHaveLength(calls);
});

it('answers 402 for a document that is larger than what was confirmed', async () => {
  const novel = await novels.upload(pdf);
  const { job_id: jobId } = await novels.ada.call(routes.credits.reserve, {
    body: { estimated_tokens: 100 },
  });
  const refusal = await refusalOf(
    novels.ada.call(routes.novels.processAsync, {
      form: { novel_id: novel.id, sentence_length_limit: words, job_id: jobId },
    }),
  );
  expect(refusal).toMatchObject({ status: 402, code: 'confirmation.too_small' });
});

it('starts exactly one of ten parallel submissions when there is credit for one', async () => {
  const novel = await novels.upload(pdf);
  const { credits } = await novels.ada.call(routes.novels.estimate, {
    params: { id: novel.id },
    query: { sentence_length_limit: words },
  });
  const poor = await startNovelsServer({ modelUrl: model.url });
  try {
    await poor.grant('ada', credits.high * 1.5);
    const own = await poor.upload(pdf);
    model.follow(() => reply.silence());
    const answers = await Promise.allSettled(
      Array.from({ length: 10 }, () =>
        poor.ada.call(routes.novels.processAsync, {
          form: { novel_id: own.id, sentence_length_limit: words },
        }),
      ),
    );
    const accepted = answers.filter(({ status }) => status === 'fulfilled');
    expect(accepted).toHaveLength(1);
    const refusals = answers.flatMap((answer) =>
      answer.status === 'rejected' ? [answer.reason] : [],
    );
    expect(refusals.map(({ code }) => code)).toEqual(Array(9).fill('credit.insufficient'));
    expect((await poor.ada.call(routes.jobs.list, { query: {} })).jobs).toHaveLength(1);
  } finally {
    await poor.stop();
  }
});

it('stops calls at a cancel, returns the rest, and keeps what was done', async () => {
  const before = await balance();
  const novel = await novels.upload(pdf);
  model.follow(() => reply.silence());
  const sofar = model.requests.length;
  const { job_id: jobId } = await novels.ada.call(routes.novels.processAsync, {
    form: { novel_id: novel.id, sentence_length_limit: words },
  });
  const call = await model.received(sofar + 1);
  const cancelled = await novels.ada.call(routes.jobs.cancel, { params: { id: jobId } });
  expect(cancelled).toMatchObject({ status: 'cancelled', is_cancelled: true });
  expect(await balance()).toEqual(before);
  expect(await call.closed).toBe(true);
  expect(model.requests.length).toBe(sofar + 1);
  const result = await novels.ada.call(routes.novels.sentences, {
    params: { id: jobId },
    query: {},
  });
  expect(result).toMatchObject({ is_partial: true });
});

it('redoes by a model what rules left over the limit, as a whole result', async () => {
  const novel = await novels.upload(pdf);
  const offline = await novels.ada.call(routes.novels.process, {
    form: { novel_id: novel.id, sentence_length_limit: words, gemini_model: 'offline' },
  });
  const { audit } = await novels.ada.call(routes.novels.sentences, {
    params: { id: offline.job_id },
    query: {},
  });
  const over = audit.labels.over_limit ?? 0;
  expect(over).toBeGreaterThan(10);
  const sofar = model.requests.length;
  const redo = await novels.ada.call(routes.novels.redo, {
    params: { id: offline.job_id },
    body: {},
  });
  expect(redo.retry_of).toBe(offline.job_id);
  expect(await endOf(novels.ada, redo.id)).toBe('job.completed');
  const prompts = model.requests.slice(sofar).map(({ prompt }) => prompt);
  const sent = prompts.join('\n').match(/^\[s\d+\]/gmu)?.length;
  expect(sent).toBe(over);
  const result = await novels.ada.call(routes.novels.sentences, {
    params: { id: redo.id },
    query: {},
  });
  expect(result.audit).toMatchObject({ present: novel.sentences, missing: 0, doubled: 0 });
  expect(result.audit.labels).toMatchObject({ rewritten: over });
  expect(result.engine).toContain(' + ');
});

it('completes with gaps when a part fails, and a retry does only that part', async () => {
  const novel = await novels.upload(pdf);
  model.follow(() => reply.status(401));
  const { job_id: jobId } = await novels.ada.call(routes.novels.processAsync, {
    form: { novel_id: novel.id, sentence_length_limit: words },
  });
  expect(await endOf(novels.ada, jobId)).toBe('job.failed');
  const failed = await novels.ada.call(routes.jobs.get, { params: { id: jobId } });
  expect(failed.failed_chunks).toEqual([0]);
  const partial = await novels.ada.call(routes.novels.sentences, {
    params: { id: jobId },
    query: {},
  });
  expect(partial).toMatchObject({ is_partial: true, audit: { missing: novel.sentences } });
  model.follow((request) => shortenedBy(request, words));
  const retry = await novels.ada.call(routes.jobs.retry, { params: { id: jobId } });
  expect(await endOf(novels.ada, retry.id)).toBe('job.completed');
  const receipt = await novels.ada.call(routes.credits.receipt, { params: { id: retry.id } });
  expect(receipt.credits?.settled).toBeGreaterThan(0);
});
