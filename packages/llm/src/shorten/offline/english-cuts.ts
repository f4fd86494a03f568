/**
 * The few cuts of an English sentence that are safe without a lexicon: at a semicolon, and at a comma before a
 * conjunction, where a pronoun and a verb that can be nothing but finite follow, and such a verb stands before.
 */

import type { Cut } from './cuts.ts';
import { type Token, tokenize } from './tokens.ts';

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/u));

const SUBJECTS = words('he she it they we i you nobody everybody everyone');
const CONJUNCTIONS = words('and but so yet for');
const ADVERBS = words('never always still also only soon even now then had already just at');
/** Forms that are finite wherever they stand: "had" may be followed by a participle, but is one itself only after "has". */
const FINITE =
  words(`was were is are am has had have did does do could would should might must can will shall went came
  saw took gave knew stood sat ran began became kept fell rose spoke drew threw grew wrote broke wore chose forgot
  shook sprang sank sang drank flew swore woke lay`);
/** Finite after a pronoun: elsewhere they may be participles. */
const FINITE_AFTER_PRONOUN =
  words(`said thought felt told held left brought found made heard looked got put let met lost
  sent paid spent slept wept read won led meant turned`);
const SUBORDINATORS =
  words(`that which who whom whose where when while if because though although since until till after
  before unless whenever wherever whether as than what how why lest once`);

export function englishCuts(sentence: string): Cut[] {
  if (/\?[\s”"')]*$/u.test(sentence)) return [];
  const tokens = tokenize(sentence);
  return tokens.flatMap((token, at) => {
    const isStrong = token.gap === ';';
    const isConjunction = CONJUNCTIONS.has(token.lower);
    if (token.isInside || !(isStrong || (token.gap === ',' && isConjunction))) return [];
    const from = isConjunction ? at + 1 : at;
    if (!hasSubjectAndVerb(tokens, from) || !isClosed(tokens, at) || !hasClause(tokens, at))
      return [];
    const end = tokens[at - 1]?.end ?? 0;
    const next = tokens[token.lower === 'and' ? at + 1 : at]?.start ?? 0;
    return [{ rule: isStrong ? 'semicolon' : 'conj+subject', end, next, insert: '', isStrong }];
  });
}

function hasSubjectAndVerb(tokens: readonly Token[], at: number): boolean {
  const subject = tokens[at];
  if (subject === undefined || !SUBJECTS.has(subject.lower)) return false;
  const verb = tokens[at + (ADVERBS.has(tokens[at + 1]?.lower ?? '') ? 2 : 1)];
  if (verb === undefined || verb.gap !== '') return false;
  const { lower } = verb;
  return FINITE.has(lower) || FINITE_AFTER_PRONOUN.has(lower) || /\p{L}{2}ed$/u.test(lower);
}

/** The sentence does not begin with a clause that waits for another, nor does the clause before the place. */
function isClosed(tokens: readonly Token[], at: number): boolean {
  if (tokens.slice(0, 2).some(({ lower }) => SUBORDINATORS.has(lower))) return false;
  for (let i = at - 1; i >= 0; i--) {
    const token = tokens[i];
    if (token === undefined || SUBORDINATORS.has(token.lower)) return false;
    if (/[,;:]/u.test(token.gap)) return true;
  }
  return true;
}

/** A finite verb before the place, outside subordinate clauses as far as commas show them. */
function hasClause(tokens: readonly Token[], at: number): boolean {
  let isSubordinate = false;
  return tokens.slice(0, at).some(({ lower, gap, isInside }, i) => {
    if (/[,;:]/u.test(gap)) isSubordinate = false;
    if (SUBORDINATORS.has(lower)) isSubordinate = true;
    if (isInside || isSubordinate) return false;
    return FINITE.has(lower) || hasSubjectAndVerb(tokens, i);
  });
}
