/**
 * Where a French sentence may be cut in two, by rules. A cut counts only if both halves have a main finite verb, the
 * first does not end in the middle of a subordinate clause, and the place is not inside quotes, brackets or a pair of
 * dashes. What is added is a subject that the sentence itself named (or its pronoun), and nothing else.
 *
 * Measured on Candide, Germinal and Une vie (15,222 sentences; units are sentences within the limit, after and before;
 * speed in processor time):
 *
 *     limit    over it   fully within   partly   untouched   units within      MB/s
 *      8 words  11,377          4.6 %   22.8 %      72.7 %   36.6 % / 25.3 %   0.9
 *     12         8,852         10.1 %   21.6 %      68.3 %   54.5 % / 41.8 %   1.1
 *     15         7,164         14.4 %   20.4 %      65.2 %   64.8 % / 52.9 %   1.3
 *     20         4,923         22.1 %   17.7 %      60.2 %   77.6 % / 67.7 %   1.7
 *
 * Samples of 40 changed sentences at 12 words, read beside their sources by the author of the rules, had 7, 4 and 2
 * that read wrongly, each sample after the faults of the one before were mended; two more, read without their sources,
 * had 2 each. Expect 5 to 10 %. Rules cannot be a rewriter: hence the labels.
 */

import type { Cut } from './cuts.ts';
import * as grammar from './french-grammar.ts';
import type { Word } from './french-grammar.ts';
import * as lists from './french-lists.ts';
import * as lefff from './lefff.ts';

interface Context {
  readonly sentence: string;
  readonly words: readonly Word[];
  readonly lexicon: lefff.Lexicon;
  readonly subject: ReturnType<typeof grammar.subjectOf>;
}

type Rule = (context: Context, at: number) => Cut | undefined;

/** All cuts that the rules allow, at most one a place. */
export function frenchCuts(lexicon: lefff.Lexicon): (sentence: string) => Cut[] {
  return (sentence) => {
    // A question cut in two asks something else.
    if (/\?[\s»”")]*$/u.test(sentence)) return [];
    const words = grammar.readWords(sentence, lexicon);
    const context = { sentence, words, lexicon, subject: grammar.subjectOf(words) };
    return words.flatMap((word, at) => {
      const isPlace = word.gap !== '' || PLACES.has(word.lower);
      if (at < 2 || !isPlace || word.isInside || /[.!?…]/u.test(word.gap)) return [];
      const cut = RULES.map((rule) => rule(context, at)).find((made) => made !== undefined);
      if (cut === undefined || grammar.waitsForVerb(words, 0, at)) return [];
      return isNewClauseOpen(words, at) ? [] : [cut];
    });
  };
}

/** Without a mark before it, a sentence is cut before these alone. */
const PLACES = new Set(['et', 'mais', 'car', 'puis', 'qui']);

const semicolon: Rule = (context, at) => {
  const { words } = context;
  if (!words[at]?.gap.includes(';') || !hasMain(context, 0, at)) return undefined;
  const from = skipConjunction(words, at);
  const isStrong = true;
  if (lists.NO_BEGINNING.has(words[from]?.lower ?? '') || isSpeech(words, from)) return undefined;
  const verb = grammar.skipClitics(words, from);
  if (words[verb]?.isFinite === true) {
    const again = repeated(context, at, verb);
    if (again === undefined) return undefined;
    const insert = `${keptConjunctions(words, at, from)}${again}`;
    return { ...cutAt(context, at, from), rule: 'semicolon+subject', insert, isStrong };
  }
  if (!hasMain(context, from, words.length)) return undefined;
  return { ...cutAt(context, at, skipEt(words, at)), rule: 'semicolon', insert: '', isStrong };
};

const COLON_STARTS = new Set("le la les l' un une son sa ses".split(' '));

const colon: Rule = (context, at) => {
  const { words } = context;
  if (words[at]?.gap !== ':' || !hasMain(context, 0, at)) return undefined;
  const isNoun = COLON_STARTS.has(words[at].lower) && grammar.hasNounSubject(words, at);
  if (!isNoun && !grammar.hasPronounSubject(words, at)) return undefined;
  return { ...cutAt(context, at, at), rule: 'colon', insert: '', isStrong: true };
};

/** "…, et la porte s'ouvrit": the conjunction is at `at`; "et" is dropped, "mais" and "car" begin the next sentence. */
const conjunction: Rule = (context, at) => {
  const { words } = context;
  if (!isConjunction(words, at) || !hasMain(context, 0, at)) return undefined;
  const isOpen = grammar.endsInSubordinate(words, at) && words[at]?.gap !== ',';
  if (isOpen || hangs(words, at)) return undefined;
  const from = afterConjunctions(words, at);
  const hasSubject = grammar.hasPronounSubject(words, from) || grammar.hasNounSubject(words, from);
  if (!hasSubject || words[from]?.gap !== '' || isSpeech(words, from)) return undefined;
  if (isAside(context, from)) return undefined;
  return {
    ...cutAt(context, at, skipEt(words, at)),
    rule: 'conj+subject',
    insert: '',
    isStrong: false,
  };
};

/** "Il se leva et sortit": → "Il se leva. Il sortit." */
const coordinatedVerb: Rule = (context, at) => {
  const { words } = context;
  if (!/^(?:et|puis|mais)$/u.test(words[at]?.lower ?? '') || hangs(words, at)) return undefined;
  if (grammar.endsInSubordinate(words, at)) return undefined;
  const from = afterConjunctions(words, at);
  const verb = grammar.skipClitics(words, from);
  const insert = repeated(context, at, verb);
  if (insert === undefined || words[from]?.gap !== '') return undefined;
  return {
    ...cutAt(context, at, from),
    rule: 'coord-verb+subject',
    insert: `${keptConjunctions(words, at, from)}${insert}`,
    isStrong: false,
  };
};

const commaPronoun: Rule = (context, at) => {
  const { words } = context;
  if (words[at]?.gap !== ',' || hangs(words, at) || !hasMain(context, 0, at)) return undefined;
  if (!grammar.hasPronounSubject(words, at) || isAside(context, at)) return undefined;
  if (isSpeech(words, at + 1) || lastClauseHangs(words, at)) return undefined;
  // "…, tu sais, …": a clause of two words is put in.
  if (words.slice(at + 1, at + 4).some(({ gap }) => gap === ',')) return undefined;
  return { ...cutAt(context, at, at), rule: 'comma+pronoun', insert: '', isStrong: false };
};

const commaVerb: Rule = (context, at) => {
  const { words } = context;
  if (words[at]?.gap !== ',' || hangs(words, at) || lastClauseHangs(words, at)) return undefined;
  if (grammar.endsInSubordinate(words, at)) return undefined;
  const insert = repeated(context, at, grammar.skipClitics(words, at));
  if (insert === undefined) return undefined;
  return { ...cutAt(context, at, at), rule: 'comma-verb+subject', insert, isStrong: false };
};

const INDEFINITE = new Set(['un', 'une', 'des', 'deux', 'quelques']);

/** "…, une femme qui chantait" → "Cette femme chantait": the clause must be the rest of the sentence. */
const relativeQui: Rule = (context, at) => {
  const { words } = context;
  if (words[at]?.lower !== 'qui' || !hasMain(context, 0, at)) return undefined;
  const noun = grammar.nounBefore(words, at);
  if (noun === undefined || !/^,?$/u.test(words[at].gap)) return undefined;
  if (words[at].gap === '' && !INDEFINITE.has(noun.determiner)) return undefined;
  const verb = words[grammar.skipClitics(words, at + 1)];
  if (!grammar.agrees(verb, noun.isPlural) || verb?.gap !== '') return undefined;
  // A second verb after a comma is the main clause's, or nobody knows whose.
  if (words.slice(at + 1).some(({ gap }) => gap.includes(','))) return undefined;
  const head = words[noun.at];
  if (head === undefined) return undefined;
  const insert = `${demonstrative(head, noun)} ${head.raw} `;
  return { ...cutAt(context, at, at + 1), rule: 'relative-qui', insert, isStrong: false };
};

function demonstrative(
  head: Word,
  { isPlural, isFeminine }: { readonly isPlural: boolean; readonly isFeminine: boolean },
): string {
  if (isPlural) return 'ces';
  if (isFeminine) return 'cette';
  // Most masculine nouns in "h" elide; Lefff does not say which.
  if (
    /^h(?!éros|aut|areng|angar|asard|ameau|arnais|ibou|uit|urlement|omard|ochement)/u.test(
      head.lower,
    )
  ) {
    return 'cet';
  }
  return /^[aeiouyâàéèêëîïôûœ]/u.test(head.lower) ? 'cet' : 'ce';
}

const relativeOu: Rule = (context, at) => {
  const { words } = context;
  if (words[at]?.lower !== 'où' || words[at].gap !== ',' || !hasMain(context, 0, at)) {
    return undefined;
  }
  if (grammar.nounBefore(words, at) === undefined) return undefined;
  const hasSubject =
    grammar.hasPronounSubject(words, at + 1) || grammar.hasNounSubject(words, at + 1);
  if (!hasSubject || words.slice(at + 1).some(({ gap }) => gap.includes(','))) return undefined;
  return { ...cutAt(context, at, at + 1), rule: 'relative-où', insert: 'là, ', isStrong: false };
};

/** "Il marchait, regardant les champs" → "Il regardait les champs". */
const participle: Rule = (context, at) => {
  const { sentence, words, lexicon, subject } = context;
  const isGerund = words[at]?.lower === 'en';
  const verb = words[isGerund ? at + 1 : at];
  if (words[at]?.gap !== ',' || verb === undefined || hangs(words, at)) return undefined;
  if (isGerund && verb.gap !== '') return undefined;
  if ((verb.tags & lefff.PARTICIPLE_ANT) === 0 || lists.NO_PARTICIPLE.has(verb.lower)) {
    return undefined;
  }
  const follows = words[isGerund ? at + 2 : at + 1]?.lower ?? '';
  if (subject === undefined || /^(?:ne|n'|pas)$/u.test(follows)) return undefined;
  // Any second verb, and any comma in between, may have brought another subject.
  const first = words.findIndex(({ isFinite }) => isFinite);
  const between = words.slice(first + 1, at);
  if (first === -1 || first > at || between.some((word) => word.isFinite || word.gap === ',')) {
    return undefined;
  }
  const isPast = ((words[first]?.tags ?? 0) & lefff.PAST) !== 0;
  if (!isPast || !isFollowedBy(context, subject.end, first)) return undefined;
  if (grammar.endsInSubordinate(words, at) || lastClauseHangs(words, at)) return undefined;
  // The last clause of the sentence, and the only participle: whatever follows would hang in the air.
  if (grammar.mainVerbs(words, at + 1, words.length).length > 0) return undefined;
  const rest = words.slice(isGerund ? at + 2 : at + 1);
  if (rest.some(({ tags }) => (tags & lefff.PARTICIPLE_ANT) !== 0)) return undefined;
  const imperfect = imperfectOf(verb.lower, subject.isPlural, lexicon);
  if (imperfect === undefined) return undefined;
  return {
    ...cutAt(context, at, at),
    next: verb.end,
    rule: isGerund ? 'gerund' : 'participle',
    insert: `${subject.again} ${imperfect}${/^\s/u.test(sentence.slice(verb.end)) ? ' ' : ''}`,
    isStrong: false,
  };
};

function imperfectOf(form: string, isPlural: boolean, lexicon: lefff.Lexicon): string | undefined {
  const stem = form
    .slice(0, -3)
    .replace(/^ay$/u, 'av')
    .replace(/^sach$/u, 'sav');
  const made = `${stem}${isPlural ? 'aient' : 'ait'}`;
  return (lexicon.tagsOf(made) & lefff.IMPERFECT) === 0 ? undefined : made;
}

const RULES: readonly Rule[] = [
  semicolon,
  colon,
  conjunction,
  coordinatedVerb,
  commaPronoun,
  commaVerb,
  relativeQui,
  relativeOu,
  participle,
];

function cutAt({ sentence, words }: Context, at: number, from: number): Pick<Cut, 'end' | 'next'> {
  return { end: words[at - 1]?.end ?? 0, next: words[from]?.start ?? sentence.length };
}

function hasMain({ words }: Context, from: number, to: number): boolean {
  const last = words[to - 1]?.lower ?? '';
  if (to < words.length && lists.UNFINISHED.has(last)) return false;
  return grammar.mainVerbs(words, from, to).length > 0;
}

function isConjunction(words: readonly Word[], at: number): boolean {
  const word = words[at];
  if (word === undefined || !lists.CONJUNCTIONS.has(word.lower)) return false;
  // The others are adverbs too, and begin a clause only after a comma.
  return /^(?:et|mais|car|puis)$/u.test(word.lower) ? /^,?$/u.test(word.gap) : word.gap === ',';
}

function afterConjunctions(words: readonly Word[], at: number): number {
  const second = words[at + 1];
  const isDouble = /^(?:et|mais)$/u.test(words[at]?.lower ?? '');
  return isDouble && second?.gap === '' && /^(?:puis|alors)$/u.test(second.lower) ? at + 2 : at + 1;
}

const skipEt = (words: readonly Word[], at: number): number =>
  words[at]?.lower === 'et' ? at + 1 : at;

/** "puis " and "mais " stay, "et" goes. */
const keptConjunctions = (words: readonly Word[], at: number, to: number): string =>
  words
    .slice(skipEt(words, at), to)
    .map(({ raw }) => `${raw} `)
    .join('');

const skipConjunction = (words: readonly Word[], at: number): number =>
  /^(?:et|puis)$/u.test(words[at]?.lower ?? '') ? at + 1 : at;

/** The sentence begins with what its first comma waits for: "Quand il entra, …". */
function hangs(words: readonly Word[], at: number): boolean {
  const isCommaBefore = words.slice(1, at).some(({ gap }) => gap.includes(','));
  // "Jeanne étant remise, …" waits as well.
  const waits = ({ lower, tags }: Word) =>
    lists.HANGING.has(lower) || (tags & lefff.PARTICIPLE_ANT) !== 0;
  return !isCommaBefore && words.slice(0, 3).some(waits);
}

/** "…, quand il entra, il …": the clause before the comma is subordinate and may belong to what follows. */
function lastClauseHangs(words: readonly Word[], at: number): boolean {
  let from = at - 1;
  while (from > 0 && !/[,;:]/u.test(words[from]?.gap ?? '')) from--;
  return words.slice(from, from + 2).some(({ lower }) => lists.HANGING.has(lower));
}

/** "…, et l'argent qu'ils perdraient, | ils le …", "…, et Denis, descendant, | courut": what "et" began has no verb yet. */
function isNewClauseOpen(words: readonly Word[], at: number): boolean {
  const isAnd = ({ lower }: Word) => /^(?:et|ou|mais|puis)$/u.test(lower);
  const before = words.slice(0, at);
  const last = before.findLastIndex(isAnd);
  // "et" between two nouns may have come since: a mark beside it tells one that joins clauses.
  const marked = before.findLastIndex(
    (word, i) => isAnd(word) && (/[,;]/u.test(word.gap) || words[i + 1]?.gap === ','),
  );
  return [last, marked].some((begin) => {
    if (begin < 1) return false;
    const between = words.slice(begin + 1, at);
    const isLong = between.some(({ gap, lower }) => gap === ',' || lists.SUBORDINATORS.has(lower));
    const isParticiple = ((between[0]?.tags ?? 0) & lefff.PARTICIPLE_ANT) !== 0;
    return (isLong || isParticiple) && grammar.mainVerbs(words, begin + 1, at).length === 0;
  });
}

/** "Il priait ses amis d'entrer, la pièce close, | s'emplissait": a noun without a verb may be the subject. */
function hasNounInWait(words: readonly Word[], first: number, at: number): boolean {
  return words.slice(first, at).some((word, i) => {
    if (word.gap !== ',') return false;
    const isNoun = lists.DETERMINERS_S.has(word.lower) || lists.DETERMINERS_P.has(word.lower);
    const begin = first + i;
    return (
      (isNoun || /^\p{Lu}/u.test(word.raw)) && grammar.mainVerbs(words, begin, at).length === 0
    );
  });
}

function isSpeech(words: readonly Word[], at: number): boolean {
  const verb = words[grammar.skipClitics(words, at)];
  return verb !== undefined && (verb.isInverted || lists.SPEECH_VERBS.has(verb.lower));
}

function isAside({ sentence, words }: Context, at: number): boolean {
  const rest = sentence
    .slice(words[at]?.start ?? 0)
    .toLowerCase()
    .replaceAll('’', "'");
  return lists.ASIDES.test(rest);
}

/**
 * The subject for a verb without one, if nobody else came between: every main verb so far is joined to the first by a
 * conjunction or a comma, and no other subject was named.
 */
function repeated({ words, subject }: Context, at: number, verb: number): string | undefined {
  const found = words[verb];
  if (subject === undefined || found === undefined) return undefined;
  if (!grammar.agrees(found, subject.isPlural) || isSpeech(words, verb)) return undefined;
  const verbs = grammar.mainVerbs(words, 0, at);
  const [first] = verbs;
  if (first === undefined || !isFollowedBy({ words }, subject.end, first)) return undefined;
  if (!grammar.agrees(words[first], subject.isPlural)) return undefined;
  // "Il entre et vit": another time, another clause.
  if (((words[first]?.tags ?? 0) & lefff.PAST) !== (found.tags & lefff.PAST)) return undefined;
  if (!verbs.slice(1).every((other) => isJoined(words, other))) return undefined;
  if (hasNounInWait(words, first + 1, at)) return undefined;
  return `${subject.again} `;
}

/** The verb belongs to the subject: a few words between, without a comma left open. */
function isFollowedBy(
  { words }: Pick<Context, 'words'>,
  subjectEnd: number,
  verb: number | undefined,
): boolean {
  if (verb === undefined || verb - subjectEnd > 10) return false;
  const between = words.slice(subjectEnd, verb + 1);
  const commas = between.filter(({ gap }) => gap.includes(',')).length;
  return commas % 2 === 0 && between.every(({ gap }) => /^,?$/u.test(gap));
}

function isJoined(words: readonly Word[], verb: number): boolean {
  let from = verb;
  while (from > 0 && lists.CLITICS.has(words[from - 1]?.lower ?? '') && words[from]?.gap === '')
    from--;
  return words[from]?.gap === ',' || /^(?:et|puis|mais|ou)$/u.test(words[from - 1]?.lower ?? '');
}
