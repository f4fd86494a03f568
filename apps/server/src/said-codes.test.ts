import { saidParams, type PageReasonCode } from '@scriptorium/contract';
import type { ReasonCode, WarningCode } from '@scriptorium/documents';
import { expect, test } from 'vitest';
import { accountErrors } from './features/accounts/accounts.errors.ts';
import { bookErrors } from './features/books/books.errors.ts';
import { creditErrors } from './features/credits/credits.errors.ts';
import { jobErrors } from './features/jobs/jobs.errors.ts';
import { novelErrors } from './features/novels/novels.errors.ts';
import { operationErrors } from './features/operations/operations.errors.ts';
import { peopleErrors } from './features/people/people.errors.ts';
import { assembleErrors, platformErrors } from './platform/errors.ts';
import { parsingErrors } from './platform/parsing/parsing.errors.ts';

test('the contract names every problem that the server declares, and no other', () => {
  const declared = assembleErrors([
    accountErrors,
    bookErrors,
    creditErrors,
    jobErrors,
    novelErrors,
    operationErrors,
    parsingErrors,
    peopleErrors,
    platformErrors,
  ]);
  const named = Object.keys({ ...saidParams.problems, ...saidParams.documents });
  // What clients say of an answer, no server says.
  const ofServers = named.filter((code) => !code.startsWith('client.'));
  expect(ofServers.toSorted()).toEqual([...declared.keys()].toSorted());
});

test('no code means two things', () => {
  const all = Object.values(saidParams).flatMap((table) => Object.keys(table));
  expect(all.filter((code, index) => all.indexOf(code) !== index)).toEqual([]);
});

test('the contract names what the readers of files say', () => {
  // Two errors of the compiler: a reason or a warning of the parsers' that the contract does not know.
  const reason = (code: ReasonCode): PageReasonCode => code;
  const warning = (code: Exclude<WarningCode, 'toc.source'>): keyof typeof saidParams.warnings =>
    code;
  expect(saidParams.pageReasons[reason('page.titled')]).toEqual(['title']);
  expect(saidParams.warnings[warning('image.unreadable')]).toEqual(['image']);
});
