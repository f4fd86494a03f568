/** A source of choices that its seed repeats. */
export interface Choices {
  /** A whole number from 0, below `limit`. */
  readonly below: (limit: number) => number;
  /** One of a list that is not empty. */
  readonly pick: <T>(list: readonly [T, ...T[]]) => T;
  /** One of a list by weight. */
  readonly weighted: <T>(list: readonly (readonly [weight: number, value: T])[]) => T;
  /** An independent source, so that the pace of one actor does not change what another one does. */
  readonly fork: () => Choices;
}

/** Mulberry32. */
export function choices(seed: number): Choices {
  let state = seed;
  const below = (limit: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
  return {
    below,
    pick: (list) => list[below(list.length)] ?? list[0],
    weighted: (list) => {
      let place = below(list.reduce((sum, [weight]) => sum + weight, 0));
      for (const [weight, value] of list) {
        if (place < weight) return value;
        place -= weight;
      }
      throw new RangeError('There is nothing to choose from.');
    },
    fork: () => choices(below(2 ** 31)),
  };
}
