import { routes, type Job, type JobEvent } from '@scriptorium/contract';
import type { JobRow, JobView, Kernel, Queryable } from '@scriptorium/kernel';
import type { FastifyRequest } from 'fastify';
import { pageOf } from '../../platform/pages.ts';
import { answer, route, type Feature } from '../../platform/routes.ts';
import { invalidRequest } from '../../platform/validation.ts';
import type { Accounts } from '../accounts/index.ts';
import { isGone } from './endings.ts';
import { eventStream } from './event-stream.ts';
import { jobErrors } from './jobs.errors.ts';
import { readChunks } from './jobs.repo.ts';
import { serveJobSocket } from './jobs.socket.ts';
import { presentEvent, presentJob } from './present-job.ts';
import { submissionOf } from './submission-of.ts';
import { serveTimeline } from './timeline.routes.ts';

export interface JobsOptions {
  readonly db: Queryable;
  readonly kernel: Kernel;
  /** One-time tickets for streams, and the end of streams whose readers may not go on. */
  readonly accounts: Pick<Accounts, 'access' | 'issueStreamTicket'>;
  /** Millicredits that a retry of a job may need at most. Default: none. */
  readonly retryCredits?: (job: JobView) => Promise<number>;
  /** How long a stream may be silent, in milliseconds. */
  readonly keepAliveMs?: number;
}

const OPEN = ['pending', 'processing'] as const;
const ENDED = ['completed', 'failed', 'cancelled'] as const;

/** Jobs of whatever pipeline: list, watch, cancel, retry. Everybody sees their own alone. */
export function createJobsFeature(options: JobsOptions): Feature {
  const { db, kernel, accounts, keepAliveMs = 15_000 } = options;
  const { access } = accounts;

  const read = async (jobId: number, ownerId: number): Promise<Job> =>
    presentJob(await kernel.job(jobId, ownerId));

  return {
    name: 'jobs',
    errors: jobErrors,
    register(app) {
      const stopping = new AbortController();
      // Without this the stop would wait for every reader of a job that has hours to go.
      app.addHook('preClose', async () => stopping.abort());
      serveJobSocket(app, { kernel, access });
      serveTimeline(app, db);

      route(app, routes.jobs.list, async ({ query, user }) => {
        const { limit, before, pipeline } = query;
        const rows = await kernel.jobs({
          ownerId: user.id,
          status: statusesOf(query),
          limit: limit + 1,
          ...(before === undefined ? {} : { before }),
          ...(pipeline === undefined ? {} : { pipeline }),
        });
        const page = pageOf(rows, limit);
        return {
          jobs: await presentAll(db, kernel, page.rows),
          next_before: page.nextBefore,
        };
      });

      route(app, routes.jobs.get, ({ params, user }) => read(params.id, user.id));

      route(app, routes.jobs.events, async ({ params, query, user, request, reply }) => {
        const job = await read(params.id, user.id);
        if (!wantsStream(request)) {
          const events = await kernel.events(params.id, query.after, query.limit);
          return { events: events.map(presentEvent), job };
        }
        const after = lastEventId(request) ?? query.after;
        reply.type('text/event-stream; charset=utf-8');
        // nginx would hold events back to fill a buffer; no-transform keeps others from compressing in blocks.
        reply.headers({ 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' });
        return eventStream((until) => presented(kernel, params.id, after, until), {
          keepAliveMs,
          reply,
          stop: stopping.signal,
          watchAccess: (onEnd) => access.watch(user, onEnd),
          whyEnded: async () => {
            if (!(await isGone(kernel, params.id, user.id))) return undefined;
            // Deleted with the account, perhaps: then the reader hears of that.
            await access.look();
            return 'deleted';
          },
        });
      });

      route(app, routes.jobs.cancel, async ({ params, user }) => {
        await kernel.cancel(params.id, user.id, user.id);
        return await read(params.id, user.id);
      });

      route(app, routes.jobs.retry, async ({ params, user, request, reply }) => {
        const submission = submissionOf(request, user.id);
        const job = await kernel.job(params.id, user.id);
        const credits = (await options.retryCredits?.(job)) ?? 0;
        const retry = await kernel.retry(params.id, user.id, {
          ...(submission === undefined ? {} : { submission }),
          ...(credits === 0 ? {} : { credits }),
        });
        reply.header('location', `/api/v1/jobs/${retry.id}`);
        return await read(retry.id, user.id);
      });

      route(app, routes.jobs.ticket, async ({ body, user }) => {
        await kernel.job(body.job_id, user.id);
        const { ticket, expiresAt } = await accounts.issueStreamTicket(user, body.job_id);
        return answer(201, { ticket, expires_at: expiresAt.toISOString() });
      });
    },
  };
}

/** Both filters hold: a status that the other one excludes gives an empty list. */
function statusesOf(query: {
  status?: JobRow['status'] | undefined;
  is_open?: boolean | undefined;
}) {
  const { status, is_open: isOpen } = query;
  const group: readonly JobRow['status'][] =
    isOpen === undefined ? [...OPEN, ...ENDED] : isOpen ? OPEN : ENDED;
  return group.filter((each) => status === undefined || each === status);
}

/** What an ended job shows never changes, so one query serves all of them; an open one is asked for what it waits for. */
async function presentAll(db: Queryable, kernel: Kernel, rows: readonly JobRow[]): Promise<Job[]> {
  const ended = rows.filter((row) => row.finished_at !== null).map((row) => row.id);
  const chunks = await readChunks(db, ended);
  return await Promise.all(
    rows.map(async (row) =>
      presentJob(
        row.finished_at === null
          ? await kernel.job(row.id, row.owner_id)
          : { ...row, chunks: chunks.get(row.id) ?? [], waiting_for: null, task_id: null },
      ),
    ),
  );
}

async function* presented(
  kernel: Kernel,
  jobId: number,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<JobEvent, undefined, undefined> {
  for await (const event of kernel.follow(jobId, after, signal)) yield presentEvent(event);
}

function wantsStream(request: FastifyRequest): boolean {
  return request.headers.accept?.includes('text/event-stream') ?? false;
}

/** The cursor of a reader that reconnects, which is newer than the one in its address. */
function lastEventId(request: FastifyRequest): number | undefined {
  const { 'last-event-id': id } = request.headers;
  if (id === undefined || id === '') return undefined;
  if (typeof id === 'string' && /^\d{1,15}$/u.test(id)) return Number(id);
  throw invalidRequest([
    {
      path: 'headers.last-event-id',
      message: 'Expected the id of an event, such as 12',
      value: id,
    },
  ]);
}
