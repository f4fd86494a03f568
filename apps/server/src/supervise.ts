import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from './platform/log.ts';

/** Something that runs until it ends: a process, a database. */
export interface Running {
  /** Resolves when it does its work; rejects with the reason if it ends before. */
  readonly ready: Promise<void>;
  /** Resolves when it has ended, whoever ended it, with words about how. */
  readonly ended: Promise<string>;
  /** Asks it to end in good order. */
  stop(): void;
  /** Asks it to end at once. */
  hurry(): void;
}

/** Milliseconds. */
export interface Backoff {
  readonly first: number;
  readonly longest: number;
  /** What has run this long was healthy: its next restart waits `first` again. */
  readonly healthy: number;
}

const BACKOFF: Backoff = { first: 200, longest: 5_000, healthy: 60_000 };

export interface SuperviseOptions {
  /** For the log: "server". */
  readonly name: string;
  readonly launch: () => Running;
  readonly log: Pick<Log, 'info' | 'warn'>;
  readonly backoff?: Backoff;
}

/** Something that is started again whenever it ends, until it is stopped. */
export interface Supervised {
  /** Of the first launch. If that fails nothing is launched again: a configuration that never worked is for a person. */
  readonly ready: Promise<void>;
  /** Ends what runs, at once; it is started again. */
  restart(): void;
  /** Ends it for good, in good order, and waits for its end. */
  stop(): Promise<void>;
  /** Shortens a stop. */
  hurry(): void;
}

/** Launches something and keeps it running: whatever ends unasked is launched again, after 0.2 s at first and 5 s at last. */
export function supervise(options: SuperviseOptions): Supervised {
  const { name, launch, log, backoff = BACKOFF } = options;
  const stopping = new AbortController();
  let running = launch();
  const { ready } = running;

  const keep = async () => {
    const hasStarted = await ready.then(
      () => true,
      () => false,
    );
    let delayMs = backoff.first;
    let launchedAt = performance.now();
    for (;;) {
      const how = await running.ended;
      if (stopping.signal.aborted || !hasStarted) return;
      if (performance.now() - launchedAt >= backoff.healthy) delayMs = backoff.first;
      log.warn({ how, delayMs }, `The ${name} ended unasked and is started again`);
      await pause(delayMs, stopping.signal);
      if (stopping.signal.aborted) return;
      delayMs = Math.min(delayMs * 2, backoff.longest);
      launchedAt = performance.now();
      running = launch();
      running.ready.then(
        () => log.info({}, `The ${name} is back`),
        (error: unknown) => log.warn({ err: error }, `The ${name} could not be started`),
      );
    }
  };
  const kept = keep();

  return {
    ready,
    restart: () => running.hurry(),
    stop: async () => {
      stopping.abort();
      running.stop();
      await kept;
    },
    hurry: () => running.hurry(),
  };
}

/** Waits, or less if the signal is aborted. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
