import type { z } from 'zod';
import type { WorkArtifacts } from './artifacts/attempt-files.ts';
import type { Millicredits } from './credits/millicredits.ts';
import type { ModelUse } from './credits/usage.ts';
import type { Tx } from './db/transaction.ts';
import type { Failure } from './errors.ts';
import type { Budget } from './limits/budgets.ts';
import type { KernelLog } from './log.ts';

/** How a piece of work ended. An exception instead of a value means a bug or an outage, and is tried again. */
export type Outcome<T> =
  | { readonly kind: 'done'; readonly result: T }
  /** Come back later. Uses up no attempt: a model's `Retry-After`, a budget that is empty. */
  | { readonly kind: 'retry_after'; readonly seconds: number; readonly reason: string }
  /** It will never succeed with this input. Not tried again. */
  | ({ readonly kind: 'failed' } & Failure);

/** Success with `result`, which is stored as JSON. */
export function done<T>(result: T): Outcome<T> {
  return { kind: 'done', result };
}

/** Try again in `seconds`; `reason` is shown to whoever waits ("the model's limit"). */
export function retryAfter(seconds: number, reason: string): Outcome<never> {
  return { kind: 'retry_after', seconds, reason };
}

/** Permanent failure with a stable code and a sentence for people. */
export function failed(code: string, message: string): Outcome<never> {
  return { kind: 'failed', code, message };
}

/** What running code may use. Everything it does may happen more than once; only its recorded outcome counts once. */
export interface WorkContext {
  readonly workId: number;
  readonly jobId: number;
  readonly ownerId: number;
  /** Aborted when nobody wants the result any more, when the time is over and when the lease was lost. */
  readonly signal: AbortSignal;
  /** 0 to 1 and a phrase for people. Merged to one write a second. */
  report(fraction: number, step?: string): void;
  /** The stored result of `call` if an earlier attempt of this work got that far, else calls and stores it. */
  readonly memo: <T>(key: string, schema: z.ZodType<T>, call: () => Promise<T>) => Promise<T>;
  /**
   * Counts use of a model. Facts: kept even if the attempt is refused later. What the recorded attempt of a part reports here with a
   * `factor` is what its result costs, at most the part's ceiling.
   */
  usage(use: ModelUse): void;
  /** Files that are to be kept, and a folder for tools. */
  readonly artifacts: WorkArtifacts;
  /** The budget of a provider of models, shared by all processes. To be asked before every call of it. */
  budget(provider: string): Budget;
  readonly log: KernelLog;
}

/** One part of a job as its plan describes it. Equal inputs are the same work, whoever asks. */
export interface PlannedChunk<Input> {
  readonly input: Input;
  /** For people: "Chapter 3". */
  readonly label?: string;
  /**
   * The most that its result may cost. It starts only if what the job's hold has left covers it. Default 0: done offline, costs nothing.
   */
  readonly ceiling?: Millicredits;
}

export interface Plan<Input> {
  readonly chunks: readonly PlannedChunk<Input>[];
}

/** A settled part, as the merge reads it: the failed ones too. */
export type SettledChunk<Result> =
  | {
      readonly index: number;
      readonly label: string | null;
      readonly status: 'done';
      readonly result: Result;
    }
  | {
      readonly index: number;
      readonly label: string | null;
      readonly status: 'failed' | 'skipped';
      readonly error: Failure;
    };

/** What is missing from a completed job. */
export interface Gap extends Failure {
  readonly index: number;
}

export interface Merged<Output> {
  readonly output: Output;
  /** Missing things that only the pipeline can see. Failed and skipped parts are added by the kernel. */
  readonly gaps?: readonly Gap[];
}

/** Facts of a transition, for a pipeline that writes rows of its own in the same transaction. */
export interface SettledInTransaction {
  readonly jobId: number;
  readonly ownerId: number;
  readonly subject: string | null;
  readonly chunks: readonly {
    readonly index: number;
    readonly workId: number;
    readonly status: 'done' | 'failed' | 'skipped';
  }[];
}

export interface EndedInTransaction {
  readonly jobId: number;
  readonly ownerId: number;
  readonly subject: string | null;
  readonly status: 'completed' | 'failed' | 'cancelled';
}

export interface PipelineDefinition<Input, ChunkInput, Result, Output> {
  /** Lower case, stable: part of the queue's name and of every work key. */
  readonly name: string;
  /** Raise it when results of older code may no longer be mixed with those of newer code. Pinned on each job. */
  readonly recipeVersion: number;
  readonly inputSchema: z.ZodType<Input>;
  readonly chunkSchema: z.ZodType<ChunkInput>;
  /** What the merge reads of a part's result. */
  readonly resultSchema: z.ZodType<Result>;
  /**
   * The member of a result that the merge reads, where the rest would be much to read for nothing. A result without it, such as one
   * that is older, is read whole. Default: all of it.
   */
  readonly mergedMember?: string;
  readonly timeouts?: Partial<Timeouts>;
  /** Splits the job. Pure over its input and what it reads. */
  plan(input: Input, ctx: WorkContext): Promise<Plan<ChunkInput>>;
  runChunk(chunk: ChunkInput, ctx: WorkContext): Promise<Outcome<Result>>;
  /** Puts the parts together, in order, and says what is missing. */
  merge(
    chunks: AsyncIterable<SettledChunk<Result>>,
    ctx: WorkContext & { readonly input: Input },
  ): Promise<Merged<Output>>;
  /** Runs in the transaction that settles parts. SQL only, and idempotent. */
  readonly onSettled?: (tx: Tx, settled: SettledInTransaction) => Promise<void>;
  /** Runs in the terminal transaction. SQL only. */
  readonly onEnded?: (tx: Tx, ended: EndedInTransaction) => Promise<void>;
}

/** Seconds. A job's limits count only the time in which one of its works was running. */
export interface Timeouts {
  /** One attempt of one work. */
  readonly chunk: number;
  /** What has not started by then is skipped. */
  readonly soft: number;
  /** What still runs by then is aborted. */
  readonly hard: number;
}

const DEFAULT_TIMEOUTS: Timeouts = { chunk: 600, soft: 25 * 60, hard: 30 * 60 };

/** A pipeline as the kernel holds it: payloads are parsed at this edge, so everything behind it is typed. */
export interface Pipeline {
  readonly name: string;
  readonly recipeVersion: number;
  readonly timeouts: Timeouts;
  readonly mergedMember?: string;
  parseInput(input: unknown): unknown;
  plan(input: unknown, ctx: WorkContext): Promise<Plan<unknown>>;
  runChunk(chunk: unknown, ctx: WorkContext): Promise<Outcome<unknown>>;
  merge(
    chunks: AsyncIterable<SettledChunk<unknown>>,
    input: unknown,
    ctx: WorkContext,
  ): Promise<Merged<unknown>>;
  readonly onSettled?: (tx: Tx, settled: SettledInTransaction) => Promise<void>;
  readonly onEnded?: (tx: Tx, ended: EndedInTransaction) => Promise<void>;
}

/** Declares a pipeline. See docs/guides/a-fifth-pipeline.md for a complete one. */
export function definePipeline<Input, ChunkInput, Result, Output>(
  definition: PipelineDefinition<Input, ChunkInput, Result, Output>,
): Pipeline {
  if (!/^[a-z][a-z0-9-]*$/u.test(definition.name)) {
    throw new Error(
      `A pipeline's name is lower case letters, digits and "-": "${definition.name}" is not.`,
    );
  }
  const { inputSchema, chunkSchema, resultSchema, mergedMember, onSettled, onEnded } = definition;
  return {
    name: definition.name,
    recipeVersion: definition.recipeVersion,
    timeouts: { ...DEFAULT_TIMEOUTS, ...definition.timeouts },
    parseInput: (input) => inputSchema.parse(input),
    plan: (input, ctx) => definition.plan(inputSchema.parse(input), ctx),
    runChunk: (chunk, ctx) => definition.runChunk(chunkSchema.parse(chunk), ctx),
    merge: (chunks, input, ctx) =>
      definition.merge(parseResults(chunks, resultSchema), {
        ...ctx,
        input: inputSchema.parse(input),
      }),
    ...(mergedMember === undefined ? {} : { mergedMember }),
    ...(onSettled === undefined ? {} : { onSettled }),
    ...(onEnded === undefined ? {} : { onEnded }),
  };
}

async function* parseResults<Result>(
  chunks: AsyncIterable<SettledChunk<unknown>>,
  schema: z.ZodType<Result>,
): AsyncIterable<SettledChunk<Result>> {
  for await (const chunk of chunks) {
    yield chunk.status === 'done' ? { ...chunk, result: schema.parse(chunk.result) } : chunk;
  }
}

/** The pipelines of one process, by name and version. Two with the same name and version are refused at start. */
export interface PipelineRegistry {
  /** The newest version: what new jobs are pinned to. */
  newest(name: string): Pipeline | undefined;
  find(name: string, recipeVersion: number): Pipeline | undefined;
  all(): readonly Pipeline[];
}

export function createRegistry(pipelines: readonly Pipeline[]): PipelineRegistry {
  const byId = new Map<string, Pipeline>();
  for (const pipeline of pipelines) {
    const id = `${pipeline.name}.v${pipeline.recipeVersion}`;
    if (byId.has(id)) throw new Error(`The pipeline ${id} is defined twice.`);
    byId.set(id, pipeline);
  }
  return {
    newest: (name) =>
      pipelines
        .filter((pipeline) => pipeline.name === name)
        .reduce<Pipeline | undefined>(
          (best, each) =>
            best === undefined || each.recipeVersion > best.recipeVersion ? each : best,
          undefined,
        ),
    find: (name, recipeVersion) => byId.get(`${name}.v${recipeVersion}`),
    all: () => pipelines,
  };
}
