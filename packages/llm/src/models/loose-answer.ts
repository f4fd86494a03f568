/** Answers that are lists of items: asked for strictly, read leniently, as one bad item must not cost the answer. */

import { jsonSchema, type FlexibleSchema } from 'ai';
import { z } from 'zod';

const looseAnswerSchema = z.object({ items: z.array(z.unknown()) });

export type LooseAnswer = z.infer<typeof looseAnswerSchema>;

/** @param asked sent to the provider; what comes back has a list `items` and is otherwise unchecked */
export function leniently(asked: z.ZodType): FlexibleSchema<LooseAnswer> {
  return jsonSchema<LooseAnswer>(() => wireJson(asked), {
    validate: (value) => {
      const parsed = looseAnswerSchema.safeParse(value);
      return parsed.success
        ? { success: true, value: parsed.data }
        : { success: false, error: parsed.error };
    },
  });
}

function wireJson(asked: z.ZodType) {
  const { $schema: _, ...schema } = z.toJSONSchema(asked, { target: 'draft-7' });
  return schema;
}

/** PostgreSQL's JSON takes neither U+0000 nor half a surrogate pair. */
export function storable(text: string, longest: number): string {
  return text.slice(0, longest).replaceAll('\u0000', '').toWellFormed();
}
