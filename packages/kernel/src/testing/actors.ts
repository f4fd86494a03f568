import {
  ConfirmationError,
  done,
  failed,
  InsufficientCreditError,
  retryAfter,
  TransitionError,
  type Outcome,
  type WorkContext,
  type Worker,
} from '../index.ts';
import { grantForTest } from './grants.ts';
import { submitWords } from './jobs.ts';
import { startKernel, type KernelUnderTest } from './kernel-under-test.ts';
import type { ProcessUnderTest } from './process-under-test.ts';
import { createTestLog, type TestLog } from './test-log.ts';
import { toyPipeline, type ToyOptions } from './toy-pipeline.ts';

export type CallEnding = 'done' | 'failed' | 'throw' | 'retry after';

/** What an actor does. Numbers choose among what there is at that moment, modulo how many there are. */
export type Action =
  | { kind: 'submit'; owner: number; words: readonly string[]; parallel: number; credits?: number }
  | { kind: 'grant'; owner: number; amount: number }
  | { kind: 'confirm'; owner: number; amount: number; seconds: number }
  /** Hands in what was confirmed, perhaps by somebody else, perhaps too late. */
  | {
      kind: 'redeem';
      confirmation: number;
      owner: number;
      words: readonly string[];
      parallel: number;
    }
  | { kind: 'end'; call: number; how: CallEnding; tokens?: number }
  | { kind: 'elapse'; seconds: number }
  | { kind: 'kill'; process: number }
  | { kind: 'freeze'; process: number }
  | { kind: 'thaw' }
  | { kind: 'oversleep'; process: number; how: CallEnding }
  | { kind: 'stop'; process: number }
  | { kind: 'cancel'; job: number }
  | { kind: 'retry'; job: number; replay: boolean; credits?: number };

/** `isHurried`: the next one does not wait for what follows from this one. */
export type Command = Action & { isHurried: boolean };

/** A job as somebody knows it who only remembers what the kernel has answered. */
export interface KnownJob {
  readonly id: number;
  readonly owner: number;
  readonly words: readonly string[];
  isCancelled: boolean;
}

/** What callers ask for. */
type Request = Extract<Action, { kind: 'submit' | 'confirm' | 'redeem' | 'cancel' | 'retry' }>;

/** Ends one run of a part's code. */
type EndCall = (how: CallEnding, tokens?: number) => void;

/** A process with a worker, and the runs in it that wait for their end. */
interface Actor {
  readonly process: ProcessUnderTest;
  readonly log: TestLog;
  readonly calls: Set<EndCall>;
  worker: Worker;
  isFrozen: boolean;
}

const MODEL = { model: 'toy-1', factor: 1 };
/** What a call costs that comes to nothing, too. */
const PROMPT_TOKENS = 5;
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
  /** What each owner was given in all. */
  readonly grants = new Map<number, number>();
  readonly under: KernelUnderTest;
  readonly #toy: ToyOptions;
  readonly #confirmations: number[] = [];
  #actors: Actor[] = [];
  #pending: Promise<void>[] = [];
  #isDraining = false;

  private constructor(under: KernelUnderTest, toy: ToyOptions) {
    this.under = under;
    this.#toy = toy;
  }

  /** @returns two working processes, and one that only takes requests */
  static async start(toy: ToyOptions = {}): Promise<Actors> {
    const under = await startKernel({ pipelines: [toyPipeline(toy)], time: 'driven' });
    const actors = new Actors(under, toy);
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
      case 'grant':
        return await this.#grant(command).catch(onlyRefusals);
      case 'end':
        return pick(this.#calls(), command.call)?.(command.how, command.tokens);
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
      case 'submit':
      case 'confirm':
      case 'redeem':
      case 'cancel':
      case 'retry': {
        const request = this.#request(command).catch(onlyRefusals);
        if (command.isHurried) this.#pending.push(request);
        else await request;
      }
    }
  }

  async #grant({ owner: ownerId, amount }: Action & { kind: 'grant' }): Promise<void> {
    await grantForTest(this.under.kernel, ownerId, amount);
    this.grants.set(ownerId, (this.grants.get(ownerId) ?? 0) + amount);
  }

  async #request(action: Request): Promise<void> {
    const { kernel } = this.under;
    switch (action.kind) {
      case 'submit': {
        const { credits = 0 } = action;
        return await this.#submit(action, credits === 0 ? {} : { credits });
      }
      case 'redeem': {
        const id = pick(this.#confirmations, action.confirmation);
        return id === undefined ? undefined : await this.#submit(action, { id });
      }
      case 'confirm': {
        const { owner: ownerId, amount, seconds } = action;
        const jobId = await kernel.credits.drawJobId();
        const reservation = { jobId, ownerId, amount, seconds };
        await kernel.transaction((tx) => kernel.credits.reserve(tx, reservation));
        this.#confirmations.push(jobId);
        return;
      }
      case 'cancel': {
        const job = pick(this.jobs, action.job);
        if (job === undefined) return;
        await kernel.cancel(job.id, job.owner, job.owner);
        job.isCancelled = true;
        return;
      }
      case 'retry': {
        const job = pick(this.jobs, action.job);
        if (job === undefined) return;
        const { replay, credits = 0 } = action;
        const { id } = await kernel.retry(job.id, job.owner, { replay, credits });
        this.jobs.push({ ...job, id, isCancelled: false });
      }
    }
  }

  async #submit(
    { owner, words, parallel }: { owner: number; words: readonly string[]; parallel: number },
    payment: { id?: number; credits?: number },
  ): Promise<void> {
    const request = { ownerId: owner, parallel, ...payment };
    const { id } = await submitWords(this.under.kernel, words, request);
    this.jobs.push({ id, owner, words, isCancelled: false });
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
    const run = ({ word }: { word: string }, ctx: WorkContext) => {
      ctx.usage({ ...MODEL, calls: 1, tokens: PROMPT_TOKENS });
      const { promise, resolve, reject } = Promise.withResolvers<Outcome<string>>();
      const end = (how: CallEnding, tokens = 0) => {
        calls.delete(end);
        ctx.usage({ ...MODEL, calls: 0, tokens });
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
    const process = await this.under.another({
      pipelines: [toyPipeline({ ...this.#toy, run })],
      log,
    });
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
  SELECT FROM kernel.holds WHERE settled_at IS NULL
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

/** Cancelling what has ended, retrying what has not and wanting what is not paid are refused, and that is all that may go wrong. */
function onlyRefusals(error: unknown): void {
  const isRefusal =
    error instanceof TransitionError ||
    error instanceof InsufficientCreditError ||
    error instanceof ConfirmationError;
  if (!isRefusal) throw error;
}

function pick<T>(items: readonly T[], place: number): T | undefined {
  return items[place % Math.max(1, items.length)];
}
