import { jobEventSchema, routes, type Job, type JobEvent } from '@scriptorium/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusalOf } from '../../testing.ts';
import { gatedEngine } from '../books/gated-engine.ts';
import { endOf, startBooksServer, storyBook, type BooksServer } from '../books/testing.ts';

// Jobs are watched on the first pipeline there is; nothing here knows what it does.
const gated = gatedEngine();
let books: BooksServer;
beforeAll(async () => {
  // Enough slots for the parts that earlier tests have left at the gate.
  books = await startBooksServer({ engine: gated.engine, slots: 50 });
});
afterAll(() => books.stop());
beforeEach(() => gated.hold());
afterEach(() => gated.release());

let number = 0;

/** A job of Ada's with three parts, which ends once the gate is open. */
async function startJob(): Promise<number> {
  number += 1;
  const file = await storyBook(`Story ${number}`, 3);
  const { job } = await books.ada.call(routes.books.upload, { form: { file } });
  return job!.id;
}

/** The events of a stream, until it ends or `enough` says so. */
async function stream(
  path: string,
  headers: Record<string, string>,
  enough: (event: JobEvent) => boolean = () => false,
): Promise<JobEvent[]> {
  const response = await fetch(`${books.server.url}/api/v1${path}`, {
    headers: { accept: 'text/event-stream', ...headers },
  });
  if (!response.ok) throw new Error(`The stream was answered with ${response.status}`);
  const events: JobEvent[] = [];
  let rest = '';
  for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
    rest += text;
    const messages = rest.split('\n\n');
    rest = messages.pop() ?? '';
    for (const message of messages.filter((each) => each.startsWith('id: '))) {
      const [id, type, data] = message.split('\n').map((line) => line.slice(line.indexOf(' ') + 1));
      const event = jobEventSchema.parse(JSON.parse(data!));
      expect([id, type]).toEqual([String(event.seq), event.type]);
      events.push(event);
      if (enough(event)) return events;
    }
  }
  return events;
}

const asAda = { authorization: 'Bearer ada' };
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

describe('the events of a job', () => {
  it('are taken up at Last-Event-ID without a gap, however often a reader is cut off', async () => {
    const id = await startJob();
    await gated.called(`Story ${number},`, 3);
    const first = await stream(`/jobs/${id}/events`, asAda, ({ seq }) => seq === 2);
    gated.release();
    const seen = [...first];
    while (seen.at(-1)?.type !== 'job.completed') {
      const cursor = { 'last-event-id': String(seen.at(-1)!.seq) };
      seen.push(...(await stream(`/jobs/${id}/events`, { ...asAda, ...cursor }, () => true)));
    }
    const all = await books.ada.call(routes.jobs.events, { params: { id }, query: {} });
    expect(seen).toEqual(all.events);
    expect(seen.map(({ seq }) => seq)).toEqual(upTo(seen.length));
    expect(seen[0]!.type).toBe('job.accepted');
    expect(seen.filter(({ type }) => type === 'chunk.settled')).toHaveLength(3);
    expect(all.job).toMatchObject({ status: 'completed', progress_percent: 100 });
  });

  it('are the same rows for a poll, which can begin anywhere', async () => {
    gated.release();
    const id = await startJob();
    await endOf(books.ada, id);
    const all = await books.ada.call(routes.jobs.events, { params: { id }, query: {} });
    const part = await books.ada.call(routes.jobs.events, {
      params: { id },
      query: { after: 2, limit: 3 },
    });
    expect(part.events).toEqual(all.events.slice(2, 5));
    expect(await stream(`/jobs/${id}/events?after=2`, asAda)).toEqual(all.events.slice(2));
    const progress = all.events.map(({ data }) => data.progress_percent);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  });

  it('are shown to a reader without headers by a ticket, once and for this job alone', async () => {
    gated.release();
    const [id, other] = [await startJob(), await startJob()];
    await endOf(books.ada, id);
    const ticketFor = async (jobId: number) =>
      (await books.ada.call(routes.jobs.ticket, { body: { job_id: jobId } })).ticket;
    const ticket = await ticketFor(id);
    expect((await stream(`/jobs/${id}/events?ticket=${ticket}`, {})).at(-1)).toMatchObject({
      type: 'job.completed',
    });
    await expect(stream(`/jobs/${id}/events?ticket=${ticket}`, {})).rejects.toThrow('401');
    await expect(stream(`/jobs/${id}/events?ticket=${await ticketFor(other)}`, {})).rejects.toThrow(
      '401',
    );
    const foreign = books.bob.call(routes.jobs.ticket, { body: { job_id: id } });
    expect(await refusalOf(foreign)).toMatchObject({ status: 404, code: 'job.not_found' });
  });

  it('are refused when the cursor is none, and to anybody else', async () => {
    const id = await startJob();
    await expect(stream(`/jobs/${id}/events`, { ...asAda, 'last-event-id': 'x' })).rejects.toThrow(
      '400',
    );
    await expect(stream(`/jobs/${id}/events`, { authorization: 'Bearer bob' })).rejects.toThrow(
      '404',
    );
  });
});

describe('a job', () => {
  it('is cancelled once and for all, and says who did it', async () => {
    const id = await startJob();
    await gated.called(`Story ${number},`, 3);
    const cancelled = await books.ada.call(routes.jobs.cancel, { params: { id } });
    const again = await books.ada.call(routes.jobs.cancel, { params: { id } });
    expect(cancelled).toMatchObject({ status: 'cancelled', is_cancelled: true, error: null });
    expect(cancelled.cancelled_by).toBe(again.cancelled_by);
    expect(again).toMatchObject({ cancelled_at: cancelled.cancelled_at, status: 'cancelled' });
    expect(cancelled.chunk_results.map(({ status }) => status)).toEqual(Array(3).fill('skipped'));
    expect(await endOf(books.ada, id)).toBe('job.cancelled');
  });

  it('that has ended cannot be cancelled, and one that has not cannot be retried', async () => {
    const open = await startJob();
    expect(
      await refusalOf(books.ada.call(routes.jobs.retry, { params: { id: open } })),
    ).toMatchObject({ status: 409, code: 'kernel.not_allowed_now' });
    gated.release();
    await endOf(books.ada, open);
    expect(
      await refusalOf(books.ada.call(routes.jobs.cancel, { params: { id: open } })),
    ).toMatchObject({ status: 409, code: 'kernel.not_allowed_now' });
  });

  it('is retried as a new job, one for each idempotency key', async () => {
    const id = await startJob();
    await books.ada.call(routes.jobs.cancel, { params: { id } });
    gated.release();
    const retry = (key: string) =>
      books.ada.call(routes.jobs.retry, { params: { id }, headers: { 'idempotency-key': key } });
    const [first, second, other] = [await retry('a'), await retry('a'), await retry('b')];
    expect(first).toMatchObject({ retry_of: id, retry_count: 1 });
    expect(first.id).toBeGreaterThan(id);
    expect(second.id).toBe(first.id);
    expect(other.id).not.toBe(first.id);
    expect(await endOf(books.ada, first.id)).toBe('job.completed');
  });

  it('is listed with what it holds, by filter and by page, to its owner alone', async () => {
    gated.release();
    const ended = await startJob();
    await endOf(books.ada, ended);
    gated.hold();
    const open = await startJob();
    const list = async (query: object) =>
      (await books.ada.call(routes.jobs.list, { query: { limit: 100, ...query } })).jobs;
    const ids = (jobs: readonly Job[]) => jobs.map(({ id }) => id);
    expect(ids(await list({ limit: 2 }))).toEqual([open, ended]);
    expect(ids(await list({ limit: 1, before: open }))).toEqual([ended]);
    expect(ids(await list({ is_open: true }))).toContain(open);
    expect(ids(await list({ is_open: true }))).not.toContain(ended);
    expect(await list({ is_open: true, status: 'completed' })).toEqual([]);
    expect(await list({ pipeline: 'nothing' })).toEqual([]);
    const [shown] = await list({ status: 'completed' });
    expect(shown).toEqual(await books.ada.call(routes.jobs.get, { params: { id: ended } }));
    const page = await books.bob.call(routes.jobs.list, { query: {} });
    expect(page).toEqual({ jobs: [], next_before: null });
  });
});
