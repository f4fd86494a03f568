import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, routes, type Client } from '@scriptorium/contract';
import { fileOf, scene, tinyEpub } from '../../apps/server/src/features/books/tiny-epub.ts';
import { POISON } from './harm-settings.ts';
import { largeNovel, poisonedNovel, shortNovel } from './novels.ts';
import { cutOff } from './uploads.ts';
import type { History } from './history.ts';
import type { Installation } from '../installation.ts';
import type { Choices } from '../../packages/testkit/src/choices.ts';

/** What people were told of their books: these have to be there in the end. */
export interface Shelf {
  /** By book: what a chapter's verdict was last corrected to. */
  readonly books: Map<number, Map<number, boolean>>;
  readonly novels: Set<number>;
  /** Subjects of jobs: novels with one part that kills whoever handles it. */
  readonly poisoned: Set<string>;
}

/** Chapter 1 is a service page; 2 to 6 are prepared at the upload. */
export const CHAPTERS = 7;
const LONGEST_PAUSE_MS = 500;
/** What the model keeps to, and so the least that may be asked for without being asked again. */
const WORD_LIMIT = 6;
const HIGHEST_WORD_LIMIT = 60;
const JOBS_AT_ONCE = 6;
/** How long somebody looks at an upload before hanging up. */
const LONGEST_UPLOAD_MS = 300;

export interface World {
  readonly installation: Installation;
  readonly history: History;
  readonly shelf: Shelf;
  readonly random: Choices;
}

/** Somebody who uses the product until the signal says that the day is over. */
export async function person(world: World, signal: AbortSignal): Promise<number> {
  const { random } = world;
  let actions = 0;
  while (!signal.aborted) {
    const action = random.weighted([
      [2, uploadBook],
      [5, openChapter],
      [3, reprocessChapter],
      [3, shortenNovel],
      [20, shortenAgain],
      [1, hangUp],
      [5, cancelJob],
      [5, retryJob],
    ]);
    await action(world);
    actions += 1;
    await delay(random.below(LONGEST_PAUSE_MS));
  }
  return actions;
}

async function uploadBook(world: World): Promise<void> {
  const { installation, history, shelf } = world;
  const title = `Book ${randomUUID()}`;
  const pages: Record<string, string> = {
    Copyright: '<p>Copyright 2020 by A. Writer. All rights reserved. ISBN 978-0-00-000000-2</p>',
  };
  for (let i = 2; i <= CHAPTERS; i += 1) pages[`Part ${i}`] = scene(`${i} of ${title}`).repeat(8);
  const file = fileOf(await tinyEpub({ title, pages }), 'book.epub');
  const answer = await installation.insist((client) =>
    client.call(routes.books.upload, { form: { file } }),
  );
  if ('refusal' in answer) return;
  shelf.books.set(answer.book.id, new Map());
  if (answer.job === null) return;
  history.accept(answer.job.id);
  history.watch(answer.job.id);
}

function someChapter({ shelf, random }: World): { id: number; n: number } | undefined {
  const ids = [...shelf.books.keys()];
  const id = ids[random.below(Math.max(1, ids.length))];
  return id === undefined ? undefined : { id, n: 1 + random.below(CHAPTERS) };
}

async function openChapter(world: World): Promise<void> {
  const params = someChapter(world);
  if (params === undefined) return;
  const answer = await world.installation.insist((client) =>
    client.call(routes.books.extractDescriptions, { params }),
  );
  if (!('refusal' in answer) && answer.job !== null) {
    world.history.accept(answer.job.id);
  }
}

/** A correction that was answered holds, whatever dies afterwards. */
async function reprocessChapter(world: World): Promise<void> {
  const params = someChapter(world);
  if (params === undefined) return;
  const verdict = world.random.pick([undefined, true, false]);
  const body = verdict === undefined ? {} : { is_service_page: verdict };
  await inTurn(`${params.id} ${params.n}`, async () => {
    const answer = await world.installation.insist((client) =>
      client.call(routes.books.reprocess, { params, body }),
    );
    if ('refusal' in answer || verdict === undefined) return;
    world.shelf.books.get(params.id)?.set(params.n, verdict);
  });
}

const turns = new Map<string, Promise<void>>();

/** Of two corrections of a chapter that are under way at once nobody could say which one was the last. */
async function inTurn(chapter: string, correct: () => Promise<void>): Promise<void> {
  const turn = Promise.allSettled([turns.get(chapter)]).then(correct);
  turns.set(chapter, turn);
  await turn;
}

async function shortenNovel(world: World): Promise<void> {
  const novel = await handIn(world, shortNovel());
  if (novel !== undefined) world.shelf.novels.add(novel.id);
}

/** Whoever does it needs room on the disk in the end. */
export async function handInLargeNovel(world: World): Promise<void> {
  await handIn(world, largeNovel());
}

/** A novel that is there, in sentences of other lengths: the cheapest jobs that there are. */
async function shortenAgain(world: World): Promise<void> {
  const ids = [...world.shelf.novels];
  const id = ids[world.random.below(Math.max(1, ids.length))];
  if (id === undefined) return;
  const limits = Array.from(
    { length: JOBS_AT_ONCE },
    () => WORD_LIMIT + world.random.below(HIGHEST_WORD_LIMIT - WORD_LIMIT),
  );
  await Promise.all(limits.map((limit) => startNovel(world, id, limit)));
}

/** The one part of this novel that is {@link POISON} kills each process that handles it. */
export async function handInPoison(world: World): Promise<void> {
  const id = await upload(world, poisonedNovel(POISON));
  if (id === undefined) return;
  // Before there is a job: nobody is to meddle with it.
  world.shelf.poisoned.add(`novel:${id}`);
  await startNovel(world, id, WORD_LIMIT);
}

async function handIn(
  world: World,
  pdf: Buffer,
): Promise<{ id: number; jobId: number | undefined } | undefined> {
  const id = await upload(world, pdf);
  return id === undefined ? undefined : { id, jobId: await startNovel(world, id, WORD_LIMIT) };
}

async function upload({ installation }: World, pdf: Buffer): Promise<number | undefined> {
  const answer = await installation.insist((client) =>
    client.call(routes.novels.upload, { form: { file: fileOf(pdf, 'novel.pdf') } }),
  );
  return 'refusal' in answer ? undefined : answer.novel.id;
}

async function startNovel(
  { installation, history }: World,
  novelId: number,
  limit: number,
): Promise<number | undefined> {
  // The same request, however often it has to be sent, is one job.
  const headers = { 'idempotency-key': randomUUID() };
  const form = {
    novel_id: novelId,
    sentence_length_limit: limit,
    gemini_model: 'balanced',
  } as const;
  const started = await installation.insist((client: Client) =>
    client.call(routes.novels.processAsync, { form, headers }),
  );
  if ('refusal' in started) return undefined;
  history.accept(started.job_id);
  history.watch(started.job_id);
  return started.job_id;
}

/** Somebody whose connection breaks in the middle of an upload. Nobody hears of it, so there is nothing to insist on. */
async function hangUp({ installation, history, random }: World): Promise<void> {
  const pdf = shortNovel();
  const signal = AbortSignal.timeout(1 + random.below(LONGEST_UPLOAD_MS));
  const form = { file: fileOf(pdf, 'novel.pdf') };
  const [upload] = await Promise.allSettled([
    installation
      .client(cutOff(random.below(pdf.length), signal))
      .then((client) => client.call(routes.novels.upload, { form, signal })),
  ]);
  if (upload.status === 'fulfilled') throw new Error('A server has accepted half of an upload.');
  if (upload.reason instanceof ApiError) history.hear(upload.reason);
}

/** One with which people meddle: what becomes of a poisoned novel is looked at in the end. */
async function someJob({ installation, random, shelf }: World, isOpen: boolean) {
  const list = await installation.insist((client) =>
    client.call(routes.jobs.list, { query: { is_open: isOpen, limit: 20 } }),
  );
  if ('refusal' in list) return undefined;
  const jobs = list.jobs.filter(
    ({ status, subject }) =>
      (isOpen || status !== 'completed') && !shelf.poisoned.has(subject ?? ''),
  );
  return jobs[random.below(Math.max(1, jobs.length))];
}

async function cancelJob(world: World): Promise<void> {
  const job = await someJob(world, true);
  // Only novels: a preload that a person has stopped is not what the end of the storm looks for.
  if (job === undefined || job.pipeline !== 'novels') return;
  await world.installation.insist((client) =>
    client.call(routes.jobs.cancel, { params: { id: job.id } }),
  );
}

async function retryJob(world: World): Promise<void> {
  const job = await someJob(world, false);
  if (job === undefined) return;
  const headers = { 'idempotency-key': randomUUID() };
  const retry = await world.installation.insist((client) =>
    client.call(routes.jobs.retry, { params: { id: job.id }, headers }),
  );
  if (!('refusal' in retry)) world.history.accept(retry.id);
}
