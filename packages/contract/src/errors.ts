import { z } from 'zod';
import { paramsSchema } from './primitives.ts';

/** One mistake in a request: where it is (`body.email`), what is wrong, and the value that was sent. */
export const problemErrorSchema = z.object({
  path: z.string(),
  message: z.string(),
  /** What is wrong, for programs, and the values that the message names. */
  code: z.string().optional(),
  params: paramsSchema.optional(),
  value: z.unknown().optional(),
});

/**
 * Every answer that is not a success: a problem document (RFC 9457, `application/problem+json`).
 *
 * `code` is stable and meant for programs; `title` is the same for every occurrence of a code; `detail` says what
 * happened this time and what to do, both in English. `params` are the values for whoever says it in another language.
 * `instance` names the request, so that the operator finds it in the log.
 */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    /** The values that `detail` names, as far as its code declares them. */
    params: paramsSchema.optional(),
    instance: z.string().optional(),
    errors: z.array(problemErrorSchema).optional(),
    /** Seconds after which it makes sense to ask again, as in the `Retry-After` header. */
    retry_after: z.int().min(0).optional(),
  })
  .meta({ id: 'Problem' });

export type ProblemError = z.output<typeof problemErrorSchema>;
export type Problem = z.output<typeof problemSchema>;

/** What is the same for every occurrence of an error code. */
export interface ErrorDeclaration {
  readonly status: number;
  readonly title: string;
}

export type ErrorDeclarations = Readonly<Record<string, ErrorDeclaration>>;

const CODE = /^[a-z]+(?:_[a-z]+)*\.[a-z]+(?:_[a-z0-9]+)*$/u;

/**
 * Declares the error codes of one feature: `{ 'book.too_large': { status: 413, title: 'The book is too large' } }`.
 *
 * @throws TypeError for a code that is not `area.what_happened` or a status that is neither 4xx nor 503 or 507:
 *   a server that promises no other 5xx must not declare one
 */
export function defineErrors<const Declarations extends ErrorDeclarations>(
  declarations: Declarations,
): Declarations {
  for (const [code, { status }] of Object.entries(declarations)) {
    if (!CODE.test(code)) throw new TypeError(`"${code}" is not of the form area.what_happened`);
    if ((status < 400 || status > 499) && status !== 503 && status !== 507) {
      throw new TypeError(`${code} declares the status ${status}; allowed are 4xx, 503 and 507`);
    }
  }
  return Object.freeze(declarations);
}
