/** What a model is asked to answer, and what is read of what it does answer. */

import { jsonSchema, type FlexibleSchema } from 'ai';
import { z } from 'zod';

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

/** Read more leniently than asked: one bad item must not cost the answer. */
const looseAnswerSchema = z.object({ items: z.array(z.unknown()) });

type LooseAnswer = z.infer<typeof looseAnswerSchema>;

export const answerSchema: FlexibleSchema<LooseAnswer> = jsonSchema<LooseAnswer>(
  () => {
    const { $schema: _, ...schema } = z.toJSONSchema(wireSchema, { target: 'draft-7' });
    return schema;
  },
  {
    validate: (value) => {
      const parsed = looseAnswerSchema.safeParse(value);
      return parsed.success
        ? { success: true, value: parsed.data }
        : { success: false, error: parsed.error };
    },
  },
);

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
      const quote = storable(JSON.stringify(raw) ?? '');
      return { paragraph: null, kind: '', quote, confidence: null, isMalformed: true };
    }
    const { paragraph, kind, quote, confidence } = parsed.data;
    return {
      paragraph: readNumber(paragraph),
      kind: storable(kind.trim().toLowerCase()),
      quote: storable(quote),
      confidence: readConfidence(confidence),
      isMalformed: false,
    };
  });
}

/** PostgreSQL's JSON takes neither U+0000 nor half a surrogate pair. */
function storable(text: string): string {
  return text.slice(0, LONGEST_KEPT).replaceAll('\u0000', '').toWellFormed();
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
