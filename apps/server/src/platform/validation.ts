import type { Coded, ProblemError } from '@scriptorium/contract';
import type { z } from 'zod';
import { platformError, type AppError } from './errors.ts';

/** Values that are never repeated in an answer, because answers are logged and shown. */
const SECRET_NAMES = new Set(['password', 'token', 'refresh_token', 'ticket']);
const MAX_SHOWN = 200;

/**
 * The mistakes of one part of a request (`body`, `query`, `params`), each with its path and the value that was sent,
 * shortened to 200 characters.
 */
export function describeIssues(part: string, error: z.ZodError, value: unknown): ProblemError[] {
  const mistake = (path: readonly PropertyKey[], message: string, coded: Coded): ProblemError => {
    const sent = valueAt(value, path);
    const isShown = isScalar(sent) && !SECRET_NAMES.has(String(path.at(-1)));
    return {
      path: [part, ...path].join('.'),
      message,
      ...coded,
      ...(isShown ? { value: shortened(sent) } : {}),
    };
  };
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) =>
          mistake([...issue.path, key], 'There is no such field here', { code: 'field.unknown' }),
        )
      : [mistake(issue.path, issue.message, codeOf(issue, valueAt(value, issue.path)))],
  );
}

/** What is wrong, for programs. Zod says of a value that is not there that it is of the wrong type. */
function codeOf(issue: z.core.$ZodIssue, sent: unknown): Coded {
  const isText = 'origin' in issue && issue.origin === 'string';
  if (issue.code === 'invalid_type') {
    return { code: sent === undefined ? 'field.required' : 'field.wrong_kind' };
  }
  if (issue.code === 'too_small') {
    return limited(isText ? 'field.too_short' : 'field.too_small', issue.minimum);
  }
  if (issue.code === 'too_big') {
    return limited(isText ? 'field.too_long' : 'field.too_big', issue.maximum);
  }
  const isEmail = issue.code === 'invalid_format' && issue.format === 'email';
  return { code: isEmail ? 'field.not_an_email' : 'field.wrong' };
}

function limited(code: string, limit: number | bigint): Coded {
  return { code, params: { limit: Number(limit) } };
}

/**
 * The texts of a checked part that PostgreSQL keeps in no column: those with NUL, and those with half of a surrogate pair, which JSON can
 * write and UTF-8 cannot.
 */
export function describeUnstorable(part: string, value: unknown): ProblemError[] {
  if (typeof value === 'string') {
    const isStorable = value.isWellFormed() && !value.includes('\u0000');
    const message = 'Expected text without the character NUL and without half surrogate pairs';
    return isStorable ? [] : [{ path: part, message, code: 'field.unstorable' }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    describeUnstorable(`${part}.${name}`, inner),
  );
}

/** The error that carries them to the caller. */
export function invalidRequest(errors: readonly ProblemError[]): AppError {
  const list = errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return platformError('request.invalid', {
    detail: `Nothing was done, because of ${list}.`,
    errors,
  });
}

/** An object or a list is not shown: it may have a secret somewhere inside. */
function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function shortened<T>(value: T): T | string {
  if (typeof value !== 'string' || value.length <= MAX_SHOWN) return value;
  return `${value.slice(0, MAX_SHOWN)}…`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = Reflect.get(found, name);
  }
  return found;
}
