import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { routes, type Client } from '@scriptorium/contract';
import { fileOf, scene, tinyEpub } from '../../apps/server/src/features/books/tiny-epub.ts';
import { writePdf } from '../../packages/documents/src/testing/write-pdf.ts';
import type { History } from './history.ts';
import type { Installation } from '../installation.ts';
import type { Choices } from '../../packages/testkit/src/choices.ts';

/** What people were told of their books: these have to be there in the end. */
export interface Shelf {
  /** By book: what a chapter's verdict was last corrected to. */
  readonly books: Map<number, Map<number, boolean>>;
  readonly novels: Set<number>;
}

/** Chapter 1 is a service page; 2 to 6 are prepared at the upload. */
export const CHAPTERS = 7;
const LONGEST_PAUSE_MS = 500;
const SENTENCES = 30;
const WORD_LIMIT = 6;

interface World {
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
      [3, uploadBook],
      [5, openChapter],
      [3, reprocessChapter],
      [3, shortenNovel],
      [2, cancelJob],
      [2, retryJob],
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
  const answer = await world.installation.insist((client) =>
    client.call(routes.books.reprocess, { params, body }),
  );
  if ('refusal' in answer || verdict === undefined) return;
  world.shelf.books.get(params.id)?.set(params.n, verdict);
}

async function shortenNovel({ installation, history, shelf, random }: World): Promise<void> {
  const words = `abcdefghij${random.below(1_000_000)}`;
  const lines = Array.from(
    { length: SENTENCES },
    (_, i) =>
      `1 0 0 1 10 ${290 - 9 * i} Tm (Le vieux jardin ${words} dort sous la pluie et le vent du soir ${i}.) Tj`,
  );
  const pdf = writePdf({ pages: [{ text: lines.join(' ') }] });
  const upload = await installation.insist((client) =>
    client.call(routes.novels.upload, { form: { file: fileOf(pdf, 'novel.pdf') } }),
  );
  if ('refusal' in upload) return;
  shelf.novels.add(upload.novel.id);
  // The same request, however often it has to be sent, is one job.
  const headers = { 'idempotency-key': randomUUID() };
  const started = await installation.insist((client: Client) =>
    client.call(routes.novels.processAsync, {
      form: {
        novel_id: upload.novel.id,
        sentence_length_limit: WORD_LIMIT,
        gemini_model: 'balanced',
      },
      headers,
    }),
  );
  if ('refusal' in started) return;
  history.accept(started.job_id);
  history.watch(started.job_id);
}

async function someJob({ installation, random }: World, isOpen: boolean) {
  const list = await installation.insist((client) =>
    client.call(routes.jobs.list, { query: { is_open: isOpen, limit: 20 } }),
  );
  if ('refusal' in list) return undefined;
  const jobs = list.jobs.filter(({ status }) => isOpen || status !== 'completed');
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
