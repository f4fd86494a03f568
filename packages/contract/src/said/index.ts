import type { Params } from '../primitives.ts';
import { documentParams } from './documents.ts';
import { problemParams } from './problems.ts';
import {
  failureParams,
  mistakeParams,
  pageReasonParams,
  partParams,
  waitParams,
  warningParams,
} from './sentences.ts';

/**
 * All that the server says to people has, beside its English words, a stable code and the values that stand in the words: whoever
 * speaks another language makes sentences of these. A code that is declared nowhere here is that of a newer server.
 */
export const saidParams = {
  problems: problemParams,
  documents: documentParams,
  failures: failureParams,
  warnings: warningParams,
  pageReasons: pageReasonParams,
  waits: waitParams,
  parts: partParams,
  mistakes: mistakeParams,
} as const;

type Problems = typeof problemParams & typeof documentParams;
export type ProblemCode = keyof Problems;
/** The values of a problem: all that its code declares, and nothing for a code that declares none. */
export type ProblemParams<Code extends ProblemCode> = Readonly<
  Record<Problems[Code][number], string | number>
>;

export type PageReasonCode = keyof typeof pageReasonParams;

const byCode = new Map<string, readonly string[]>(
  Object.values(saidParams).flatMap(Object.entries),
);

/** Of these values the ones that the code declares, as far as they can be shown; undefined where there are none. */
export function declaredParams(code: string, values: object): Params | undefined {
  const params: Record<string, string | number> = {};
  for (const name of byCode.get(code) ?? []) {
    const value: unknown = Reflect.get(values, name);
    if (typeof value === 'string' || typeof value === 'number') params[name] = value;
  }
  return Object.keys(params).length === 0 ? undefined : params;
}
