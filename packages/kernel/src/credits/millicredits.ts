/**
 * Thousandths of a credit: the unit of every amount in the kernel and in its tables. One credit is 1,000 tokens times the
 * factor of the model, so a millicredit is one token of a model whose factor is 1. Whole numbers, so sums are exact.
 */
export type Millicredits = number;

/** Credits as people read and write them, with up to three decimals. */
export function toCredits(millicredits: Millicredits): number {
  return millicredits / 1000;
}

/** What up to three decimals of a credit are; more are rounded. */
export function toMillicredits(credits: number): Millicredits {
  return Math.round(credits * 1000);
}

/** Takes back what binary fractions add: 0.1 times 30 is 3.0000000000000004, which is not 4. */
const FLOAT_NOISE = 1e-6;

/** What so many tokens cost. A part of a millicredit is a whole one. */
export function priceOf(tokens: number, factor: number): Millicredits {
  const exact = tokens * factor;
  return Number.isFinite(exact) ? Math.max(0, Math.ceil(exact - FLOAT_NOISE)) : 0;
}
