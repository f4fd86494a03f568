/** How many times a failing work is tried again. */
export const MAX_RETRIES = 3;

/** How many crashes alone set a work aside. */
export const MAX_CRASHES_ALONE = 3;

const BASE_SECONDS = 1;
const MAX_SECONDS = 300;

/**
 * The pause before try number `failures` + 1, in seconds: exponential (1, 2, 4, …, at most 300) with equal jitter, that
 * is half of it fixed and half random, so that works that failed together do not come back together.
 */
export function backoffSeconds(failures: number, random: () => number = Math.random): number {
  const ceiling = Math.min(MAX_SECONDS, BASE_SECONDS * 2 ** Math.max(0, failures - 1));
  return ceiling / 2 + (random() * ceiling) / 2;
}
