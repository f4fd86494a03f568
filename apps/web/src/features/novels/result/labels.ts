/** What may have become of a sentence, in the order in which a reader asks for them. */
export const LABELS = [
  'over_limit',
  'missing',
  'split',
  'rewritten',
  'edited',
  'kept',
  'fragment',
] as const;

export type Label = (typeof LABELS)[number];
