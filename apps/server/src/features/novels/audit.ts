import type { Audit, SentenceLabel } from '@scriptorium/contract';
import { z } from 'zod';

const itemSchema = z.object({
  id: z.int().positive(),
  label: z.enum(['kept', 'split', 'rewritten', 'over_limit', 'fragment']),
  sentences: z.array(z.string()).readonly(),
  rules: z.array(z.string()).readonly().exactOptional(),
  groups: z.array(z.string()).readonly().exactOptional(),
  notes: z.array(z.string()).readonly().exactOptional(),
});

/** The answer for one sentence. */
export type ShortItem = z.infer<typeof itemSchema>;

/** What the merge reads of a part: the sentences themselves would be some 30 MB of a long novel. */
const audited = z.object({
  /** How many sentences it was given. */
  asked: z.int().min(0),
  ids: z.array(z.int().positive()).readonly(),
  /** One for each number. */
  labels: z.array(itemSchema.shape.label).readonly(),
});

/** What a part of a job leaves. */
export const chunkResultSchema = z.object({
  engine: z.string(),
  asked: z.int().min(0),
  calls: z.int().min(0),
  tokens: z.int().min(0),
  /** Null where the price of the model is not known. */
  costUsd: z.number().nullable(),
  items: z.array(itemSchema),
  /** Absent from older ones. */
  audited: audited.exactOptional(),
});

export type ChunkResult = z.infer<typeof chunkResultSchema>;

/** The numbers and labels of a part, or of an older one the whole. */
export const auditedSchema = z.union([
  audited.transform(({ asked, ids, labels }) => ({
    asked,
    items: labels.flatMap((label, place) =>
      ids[place] === undefined ? [] : { id: ids[place], label },
    ),
  })),
  z.object({
    asked: z.int().min(0),
    items: z.array(itemSchema.pick({ id: true, label: true })),
  }),
]);

export type Answer = z.infer<typeof auditedSchema>['items'][number];

/** Later parts lie over earlier ones: a redo is planned after what it does again. */
export function overlay<Item extends Answer>(
  results: Iterable<{ readonly items: readonly Item[] }>,
): Map<number, Item> {
  const items = new Map<number, Item>();
  for (const result of results) for (const item of result.items) items.set(item.id, item);
  return items;
}

/**
 * Proves that every sentence of the source has one answer, and that the answers stand in its order. A number that one part answers
 * twice is doubled; one that a later pass answers again is not.
 *
 * @param expected sentences of the source, numbered from 1
 */
export function auditOf(
  results: readonly { readonly items: readonly Answer[] }[],
  expected: number,
): Audit {
  let doubled = 0;
  let isInOrder = true;
  for (const { items } of results) {
    doubled += items.length - new Set(items.map(({ id }) => id)).size;
    isInOrder &&= items.every(({ id }, index) => index === 0 || id > (items[index - 1]?.id ?? 0));
  }
  const answers = [...overlay(results).values()].filter(({ id }) => id <= expected);
  const labels: Partial<Record<SentenceLabel, number>> = {};
  for (const { label } of answers) labels[label] = (labels[label] ?? 0) + 1;
  const missing = expected - answers.length;
  if (missing > 0) labels.missing = missing;
  return {
    expected,
    present: answers.length,
    missing,
    doubled,
    in_order: isInOrder,
    labels,
    share_within_limit: shareWithinLimit(labels, expected),
  };
}

/** Of the sentences of the source, how many are now within the limit as a whole. */
export function shareWithinLimit(
  labels: Partial<Record<SentenceLabel, number>>,
  expected: number,
): number {
  if (expected === 0) return 1;
  const without = (labels.over_limit ?? 0) + (labels.missing ?? 0);
  return Math.max(0, (expected - without) / expected);
}
