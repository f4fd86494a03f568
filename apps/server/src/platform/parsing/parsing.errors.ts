import { defineErrors, type ErrorDeclaration, type ErrorDeclarations } from '@scriptorium/contract';
import { DOCUMENT_ERRORS } from '@scriptorium/documents';
import { errorFactory } from '../errors.ts';

const limits = {
  'document.unreadable_in_time': { status: 422, title: 'Reading the file took too long' },
  'document.unreadable_in_memory': { status: 422, title: 'Reading the file took too much memory' },
} as const;

/** What HTTP has a status for; everything else that is wrong with a file is 422. */
const STATUSES: Readonly<Record<string, number>> = {
  'document.unsupported_format': 415,
  'document.too_large': 413,
};

/** What the parsers refuse, under the sentences that they say it with. */
const refusals: ErrorDeclarations = Object.fromEntries(
  Object.entries(DOCUMENT_ERRORS).map(([code, sentence]): [string, ErrorDeclaration] => [
    code,
    { status: STATUSES[code] ?? 422, title: sentence.replace(/\.$/u, '') },
  ]),
);

/** Whatever feature hands a file to a parser. */
export const parsingErrors = defineErrors({ ...limits, ...refusals });

export const parsingError = errorFactory(limits);
