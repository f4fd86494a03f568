/**
 * The few cuts of a Russian sentence that are safe without morphology: at a semicolon, and at a comma before a
 * conjunction, where a pronoun and a verb in the past tense follow, and another one stands before.
 */

import type { Cut } from './cuts.ts';
import { type Token, tokenize } from './tokens.ts';

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/u));

const SUBJECTS = words('он она оно они я мы ты вы никто');
const CONJUNCTIONS = words('и но а однако зато');
const SUBORDINATORS =
  words(`что чтобы когда если хотя пока как будто словно где куда откуда кто чем так который которая
  которое которые которого которой которых которому которым которую котором чей потому ибо едва лишь`);
const PAST = /\p{L}{2}[аеиоуыяё]л(?:[аои]|ся|ась|ось|ись)?$/u;
/** Nouns and particles that look like a verb in the past tense. */
const NO_VERB =
  words(`дела дело зала сила стрела скала пила отдела предела начала начало одеяло одеяла зеркало зеркала
  школа тыла мыло мыла сало стила тела тело села село мела было-бы стола пола угла числа масла крыла крыло жала жало
  журнала канала материала подвала металла генерала капитала апреля удила удил было если`);

export function russianCuts(sentence: string): Cut[] {
  if (/\?[\s»”")]*$/u.test(sentence)) return [];
  const tokens = tokenize(sentence);
  return tokens.flatMap((token, at) => {
    const isStrong = token.gap === ';';
    const isConjunction = CONJUNCTIONS.has(token.lower);
    if (token.isInside || !(isStrong || (token.gap === ',' && isConjunction))) return [];
    const from = isConjunction ? at + 1 : at;
    if (!hasSubjectAndVerb(tokens, from) || !isClosed(tokens, at)) return [];
    if (!tokens.slice(0, at).some((other) => !other.isInside && isPast(other))) return [];
    const end = tokens[at - 1]?.end ?? 0;
    const next = tokens[token.lower === 'и' ? at + 1 : at]?.start ?? 0;
    return [{ rule: isStrong ? 'semicolon' : 'conj+subject', end, next, insert: '', isStrong }];
  });
}

const isPast = ({ lower }: Token): boolean => PAST.test(lower) && !NO_VERB.has(lower);

function hasSubjectAndVerb(tokens: readonly Token[], at: number): boolean {
  const subject = tokens[at];
  if (subject === undefined || !SUBJECTS.has(subject.lower)) return false;
  return tokens.slice(at + 1, at + 4).some((token, i, near) => {
    const isClose = near.slice(0, i + 1).every(({ gap }) => gap === '');
    return isClose && isPast(token);
  });
}

/** Neither the sentence nor the clause before the place begins with a conjunction that makes it wait for another. */
function isClosed(tokens: readonly Token[], at: number): boolean {
  if (tokens.slice(0, 2).some(({ lower }) => SUBORDINATORS.has(lower))) return false;
  for (let i = at - 1; i >= 0; i--) {
    const token = tokens[i];
    if (token === undefined || SUBORDINATORS.has(token.lower)) return false;
    if (/[,;:]/u.test(token.gap)) return true;
  }
  return true;
}
