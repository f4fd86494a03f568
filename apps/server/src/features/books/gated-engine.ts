import { offlineEngine, type DescriptionEngine } from '@scriptorium/llm';

/** The offline engine behind a gate, so that a test decides when a chapter is done. */
export interface GatedEngine {
  readonly engine: DescriptionEngine;
  /** The first line of every text it was given, in order. */
  readonly calls: readonly string[];
  /** Closes the gate for the calls to come; returns what lets go of the ones that an earlier gate holds. */
  hold(): () => void;
  release(): void;
  /** Resolves once so many texts that begin like this have come. */
  called(beginning: string, times: number): Promise<void>;
}

export function gatedEngine(): GatedEngine {
  const offline = offlineEngine();
  const calls: string[] = [];
  const waiting = new Set<() => void>();
  let gate = Promise.resolve();
  let release = () => {};
  return {
    calls,
    engine: {
      ...offline,
      describe: async (input, report) => {
        calls.push(input.text.split('\n', 1)[0] ?? '');
        for (const look of waiting) look();
        await Promise.race([gate, abortOf(input.signal)]);
        return await offline.describe(input, report);
      },
    },
    hold: () => {
      const releaseEarlier = release;
      gate = new Promise((resolve) => (release = resolve));
      return releaseEarlier;
    },
    release: () => release(),
    called: (beginning, times) =>
      new Promise((resolve) => {
        const look = () => {
          if (calls.filter((text) => text.startsWith(beginning)).length < times) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}

function abortOf(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
  });
}
