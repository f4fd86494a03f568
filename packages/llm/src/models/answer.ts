/** What a model is asked to answer, and what is read of what it does answer. */

import { z } from 'zod';
import { leniently, type LooseAnswer, storable } from './loose-answer.ts';

/**
 * Sent to the provider. Plain, with everything required: strict modes refuse optional fields, and limits that some
 * providers take for a part of the description are checked in code.
 */
const wireSchema = z.object({
  items: z.array(
    z.object({
      paragraph: z.number(),
      kind: z.enum(['place', 'character', 'atmosphere', 'object']),
      quote: z.string(),
      confidence: z.number(),
    }),
  ),
});

export const answerSchema = leniently(wireSchema);

const looseItemSchema = z.object({
  paragraph: z.union([z.number(), z.string()]).nullish(),
  kind: z.string().catch(''),
  quote: z.string(),
  confidence: z.union([z.number(), z.string()]).nullish(),
});

/** An item as it is remembered. `null`: the model did not say, or not readably. */
export const itemSchema = z.object({
  paragraph: z.number().nullable(),
  /** Lower-case, as the model called it. */
  kind: z.string(),
  quote: z.string(),
  confidence: z.number().nullable(),
  /** It had no quote; `quote` is then its JSON. */
  isMalformed: z.boolean(),
});

export type Item = z.infer<typeof itemSchema>;

/** A model that runs wild repeats one item until its limit; no window of 4,000 words holds more passages. */
const MOST_ITEMS = 200;
/** Of a quote: far longer than any that is accepted. */
const LONGEST_KEPT = 4000;

export function readItems(answer: LooseAnswer): Item[] {
  return answer.items.slice(0, MOST_ITEMS).map((raw) => {
    const parsed = looseItemSchema.safeParse(raw);
    if (!parsed.success) {
      const quote = storable(JSON.stringify(raw) ?? '', LONGEST_KEPT);
      return { paragraph: null, kind: '', quote, confidence: null, isMalformed: true };
    }
    const { paragraph, kind, quote, confidence } = parsed.data;
    return {
      paragraph: readNumber(paragraph),
      kind: storable(kind.trim().toLowerCase(), LONGEST_KEPT),
      quote: storable(quote, LONGEST_KEPT),
      confidence: readConfidence(confidence),
      isMalformed: false,
    };
  });
}

/** 12, "12", "p12" and "[p12]" are 12. */
function readNumber(value: number | string | null | undefined): number | null {
  const digits = /\d+(?:\.\d+)?/u.exec(String(value ?? ''))?.[0];
  return digits === undefined ? null : Number(digits);
}

/** 0 to 1; "90" and 90 are percent. */
function readConfidence(value: number | string | null | undefined): number | null {
  const number = readNumber(value);
  if (number === null) return null;
  return Math.min(1, number > 1 ? number / 100 : number);
}
