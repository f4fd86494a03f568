import { z } from 'zod';

/** An id as it appears in answers: a `bigint` of the database that fits a JavaScript number. */
export const idSchema = z.int().positive();

/** A moment in UTC, ISO 8601 with milliseconds: `2026-11-22T12:04:05.123Z`. */
export const timestampSchema = z.iso.datetime();

/** The values that stand in a sentence of the server's, by name: with the code, what it takes to say it in another language. */
export const paramsSchema = z.record(z.string(), z.union([z.string(), z.number()]));
export type Params = z.output<typeof paramsSchema>;

/** A sentence of the server's for programs; what codes there are, and with which values, is in `saidParams`. */
export const codedSchema = z.object({ code: z.string(), params: paramsSchema.optional() });
export type Coded = z.output<typeof codedSchema>;

/** Something that went wrong, as it is stored with a job or one of its parts: `message` says it in English. */
export const failureSchema = z.object({
  code: z.string(),
  message: z.string(),
  params: paramsSchema.optional(),
});

/** An id in a path or a query, where everything arrives as text. */
export const idParameter = z.coerce
  .number<number | string>('Expected a number such as 12')
  .int()
  .positive();

/** A yes or no in a query: `true`, `1`, `false`, `0`. */
export const flagParameter = z.union(
  [z.boolean(), z.stringbool({ truthy: ['true', '1'], falsy: ['false', '0', ''] })],
  'Expected true or false',
);

/** Lists are read newest first; `before` is the `next_before` of the page above. */
export const pageQuery = z.object({
  limit: z.coerce.number<number | string>().int().min(1).max(100).default(50),
  before: idParameter.optional(),
});
