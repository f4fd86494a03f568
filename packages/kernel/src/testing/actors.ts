import { done, failed, retryAfter, TransitionError, type Outcome, type Worker } from '../index.ts';
import { submitWords } from './jobs.ts';
import { startKernel, type KernelUnderTest } from './kernel-under-test.ts';
import type { ProcessUnderTest } from './process-under-test.ts';
import { createTestLog, type TestLog } from './test-log.ts';
import { toyPipeline } from './toy-pipeline.ts';

export type CallEnding = 'done' | 'failed' | 'throw' | 'retry after';

/** What an actor does. Numbers choose among what there is at that moment, modulo how many there are. */
export type Action =
  | { kind: 'submit'; owner: number; words: readonly string[]; parallel: number }
  | { kind: 'end'; call: number; how: CallEnding }
  | { kind: 'elapse'; seconds: number }
  | { kind: 'kill'; process: number }
  | { kind: 'freeze'; process: number }
  | { kind: 'thaw' }
  | { kind: 'oversleep'; process: number; how: CallEnding }
  | { kind: 'stop'; process: number }
  | { kind: 'cancel'; job: number }
  | { kind: 'retry'; job: number; replay: boolean };

/** `isHurried`: the next one does not wait for what follows from this one. */
export type Command = Action & { isHurried: boolean };

/** A job as somebody knows it who only remembers what the kernel has answered. */
export interface KnownJob {
  readonly id: number;
  readonly owner: number;
  readonly words: readonly string[];
  isCancelled: boolean;
}

/** Ends one run of a part's code. */
type EndCall = (how: CallEnding) => void;

/** A process with a worker, and the runs in it that wait for their end. */
interface Actor {
  readonly process: ProcessUnderTest;
  readonly log: TestLog;
  readonly calls: Set<EndCall>;
  worker: Worker;
  isFrozen: boolean;
}

const SLOTS = 2;
const WORKERS = 2;
/** Longer than a lease. */
const OVERSLEPT_SECONDS = 12;
/** Longer than a lease and the longest pause of the back-off together, twice. */
const DRAIN_SECONDS = 35;

/**
 * Several actors on one database whose time is driven: callers who submit, cancel and retry, and processes that work, die, sleep
 * and stop. Remembers what it was promised.
 */
export class Actors {
  readonly jobs: KnownJob[] = [];
  readonly under: KernelUnderTest;
  #actors: Actor[] = [];
  #pending: Promise<void>[] = [];
  #isDraining = false;

  private constructor(under: KernelUnderTest) {
    this.under = under;
  }

  /** @returns two working processes, and one that only takes requests */
  static async start(): Promise<Actors> {
    const actors = new Actors(await startKernel({ pipelines: [toyPipeline()], time: 'driven' }));
    for (let count = 0; count < WORKERS; count += 1) await actors.#spawn();
    return actors;
  }

  async act(command: Command): Promise<void> {
    await this.#perform(command);
    if (!command.isHurried) await this.under.elapse(0);
  }

  /** From now on all goes well; returns when nothing is left to do, or when that takes too long. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    this.#thaw();
    for (let second = 0; second < DRAIN_SECONDS; second += 1) {
      for (const end of this.#calls()) end('done');
      await this.under.elapse(1);
      if ((await this.under.pool.query(UNFINISHED)).rowCount === 0) break;
    }
    await Promise.all(this.#pending);
  }

  /** What the surviving processes have logged as errors. */
  errors(): string[] {
    return this.#actors
      .flatMap(({ log }) => log.lines)
      .filter((line) => line.level === 'error')
      .map((line) => `${line.message}: ${JSON.stringify(line.fields)}`);
  }

  close(): Promise<void> {
    return this.under.close();
  }

  async #perform(command: Command): Promise<void> {
    const { elapse } = this.under;
    switch (command.kind) {
      case 'submit':
        return await this.#submit(command);
      case 'end':
        return pick(this.#calls(), command.call)?.(command.how);
      case 'elapse':
        return await elapse(command.seconds);
      case 'kill':
        return await this.#kill(pick(this.#actors, command.process));
      case 'freeze':
        return await this.#freeze(pick(this.#actors, command.process));
      case 'thaw':
        return this.#thaw();
      case 'oversleep':
        return await this.#oversleep(pick(this.#actors, command.process), command.how);
      case 'stop':
        return await this.#restart(pick(this.#actors, command.process));
      case 'cancel':
      case 'retry': {
        const request = this.#request(command).catch(onlyRefusals);
        if (command.isHurried) this.#pending.push(request);
        else await request;
      }
    }
  }

  async #submit({ owner, words, parallel }: Action & { kind: 'submit' }): Promise<void> {
    const { id } = await submitWords(this.under.kernel, words, { ownerId: owner, parallel });
    this.jobs.push({ id, owner, words, isCancelled: false });
  }

  async #request(action: Action & { kind: 'cancel' | 'retry' }): Promise<void> {
    const job = pick(this.jobs, action.job);
    if (job === undefined) return;
    const { kernel } = this.under;
    if (action.kind === 'cancel') {
      await kernel.cancel(job.id, job.owner, job.owner);
      job.isCancelled = true;
    } else {
      const { id } = await kernel.retry(job.id, job.owner, { replay: action.replay });
      this.jobs.push({ ...job, id, isCancelled: false });
    }
  }

  /** Dead without a word; the system starts another one. */
  async #kill(actor: Actor | undefined): Promise<void> {
    if (actor === undefined) return;
    await actor.process.kill();
    this.#actors = this.#actors.filter((each) => each !== actor);
    await this.#spawn();
  }

  /** Between statements: with one under way it could hold a lock, and a test whose time is driven would wait for it for ever. */
  async #freeze(actor: Actor | undefined): Promise<void> {
    if (actor === undefined) return;
    await this.under.elapse(0);
    actor.process.freeze();
    actor.isFrozen = true;
  }

  #thaw(): void {
    for (const actor of this.#actors.filter(({ isFrozen }) => isFrozen)) {
      actor.process.thaw();
      actor.isFrozen = false;
    }
  }

  /** Its code ends while it sleeps through its lease: it wakes up with results to record that are no longer its own. */
  async #oversleep(actor: Actor | undefined, how: CallEnding): Promise<void> {
    if (actor === undefined) return;
    await this.#freeze(actor);
    for (const end of actor.calls) end(how);
    await this.under.elapse(OVERSLEPT_SECONDS);
    this.#thaw();
  }

  async #restart(actor: Actor | undefined): Promise<void> {
    if (actor === undefined || actor.isFrozen) return;
    const stopping = actor.worker.stop(0);
    await this.under.elapse(0);
    await stopping;
    actor.worker = await actor.process.work(SLOTS);
  }

  async #spawn(): Promise<void> {
    const calls = new Set<EndCall>();
    const run = ({ word }: { word: string }, ctx: { ownerId: number; signal: AbortSignal }) => {
      const { promise, resolve, reject } = Promise.withResolvers<Outcome<string>>();
      const end = (how: CallEnding) => {
        calls.delete(end);
        if (how === 'throw') reject(new Error('The model is out.'));
        else resolve(outcomeOf(how, resultOf(word, ctx.ownerId)));
      };
      ctx.signal.addEventListener('abort', () => {
        calls.delete(end);
        reject(new Error('aborted'));
      });
      if (this.#isDraining) end('done');
      else calls.add(end);
      return promise;
    };
    const log = createTestLog();
    const process = await this.under.another({ pipelines: [toyPipeline({ run })], log });
    const worker = await process.work(SLOTS);
    this.#actors.push({ process, log, calls, worker, isFrozen: false });
  }

  #calls(): EndCall[] {
    return this.#actors.flatMap(({ calls }) => [...calls]);
  }
}

/** What the code makes of a word. It says for whom it was made. */
export function resultOf(word: string, owner: number): string {
  return `${word.toUpperCase()}@${owner}`;
}

/** Whatever there is still to do, at once or later. */
const UNFINISHED = `
  SELECT FROM kernel.jobs WHERE finished_at IS NULL
   UNION ALL
  SELECT FROM kernel.works WHERE status IN ('queued', 'running')
   UNION ALL
  SELECT FROM pgboss.job WHERE state < 'completed'`;

function outcomeOf(how: Exclude<CallEnding, 'throw'>, result: string): Outcome<string> {
  switch (how) {
    case 'done':
      return done(result);
    case 'failed':
      return failed('toy.unreadable', 'It cannot be read.');
    case 'retry after':
      return retryAfter(3, "the model's limit");
  }
}

/** Cancelling what has ended and retrying what has not are refused, and that is all that may go wrong. */
function onlyRefusals(error: unknown): void {
  if (!(error instanceof TransitionError)) throw error;
}

function pick<T>(items: readonly T[], place: number): T | undefined {
  return items[place % Math.max(1, items.length)];
}
