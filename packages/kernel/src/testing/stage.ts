import { done, type Outcome, type WorkContext } from '../index.ts';

/** One run of a chunk's code that waits for the test to say how it ends. */
export interface Call {
  readonly word: string;
  readonly ctx: WorkContext;
  end(outcome: Outcome<string>): void;
  fail(error: Error): void;
}

/**
 * Chunk code in the hands of the test: it learns when the code of a word begins, and says how it ends. The code obeys
 * its signal, as a pipeline's should.
 */
export interface Stage {
  readonly run: (chunk: { word: string }, ctx: WorkContext) => Promise<Outcome<string>>;
  /** Resolves when the code of this word has begun for the `time`th time, at once if it has. */
  call(word: string, time?: number): Promise<Call>;
  /** How often the code of a word has begun. */
  runs(word: string): number;
  /** Every beginning, in order. */
  readonly begun: readonly string[];
}

/** @param isHeld which words wait for the test; the others are done at once */
export function createStage(isHeld: (word: string) => boolean = () => true): Stage {
  const calls = new Map<string, PromiseWithResolvers<Call>[]>();
  const begun: string[] = [];
  const runs = (word: string) => begun.filter((each) => each === word).length;
  const place = (word: string, time: number) => {
    const places = calls.get(word) ?? [];
    calls.set(word, places);
    while (places.length < time) places.push(Promise.withResolvers());
    return places[time - 1]!;
  };
  return {
    run: ({ word }, ctx) => {
      begun.push(word);
      const { promise, resolve, reject } = Promise.withResolvers<Outcome<string>>();
      ctx.signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
      place(word, runs(word)).resolve({ word, ctx, end: resolve, fail: reject });
      if (!isHeld(word)) resolve(done(word.toUpperCase()));
      return promise;
    },
    call: (word, time = 1) => place(word, time).promise,
    runs,
    begun,
  };
}
