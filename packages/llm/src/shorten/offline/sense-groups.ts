import { countWords } from '../count-words.ts';

/** Words before which a line may break, in languages that have lists; elsewhere punctuation alone counts. */
interface Breaks {
  readonly conjunctions: ReadonlySet<string>;
  readonly prepositions: ReadonlySet<string>;
  /** A line does not end with these: articles, "very", the negation. */
  readonly clinging: ReadonlySet<string>;
}

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/u));

const BREAKS: Readonly<Record<string, Breaks>> = {
  fr: {
    conjunctions:
      words(`et mais ou puis car or donc que qui dont où quand lorsque lorsqu comme si puisque tandis
      parce afin quoique`),
    prepositions:
      words(`à au aux dans sur sous avec sans pour par vers chez entre contre depuis pendant après avant
      devant derrière jusque jusqu de du des d en`),
    clinging:
      words(`le la les l un une des de du d très plus moins ne n se s me m te t lui leur y en ce cet cette ces
      mon ma mes ton ta tes son sa ses notre votre nos vos leurs au aux à si trop bien tout qu et ou que`),
  },
  en: {
    conjunctions: words(
      'and but or nor so yet that which who whom whose where when while if as because though than',
    ),
    prepositions:
      words(`at in on to from with without for by of into upon over under through between among against
      before after since toward towards about near`),
    clinging:
      words(`the a an my your his her its our their this that these those very more most not of to no some any
      every and or in on at`),
  },
  ru: {
    conjunctions: words(
      'и а но или да что чтобы который которая которое которые где когда если как хотя потому пока',
    ),
    prepositions: words(
      'в во на с со к ко у от до из за под над о об по для без при через между перед после',
    ),
    clinging: words(
      'в во на с со к ко у от до из за под над о об по для без при не ни очень более самый и а но',
    ),
  },
};

interface Piece {
  readonly text: string;
  readonly words: number;
}

/**
 * Cuts a sentence into lines of at most `maxWords` words, at the places where a reader would pause. Lines are parts of
 * a sentence; joined by spaces they are the sentence. Greedy, one line after the other: the least cost of place,
 * distance from three quarters of the limit, and shortness.
 */
export function senseGroups(sentence: string, maxWords: number, language: string): string[] {
  const breaks = BREAKS[language];
  const pieces = piecesOf(sentence);
  const groups: string[] = [];
  let from = 0;
  let left = pieces.reduce((sum, piece) => sum + piece.words, 0);
  while (left > maxWords) {
    let best = { to: from + 1, words: pieces[from]?.words ?? 0, cost: Number.POSITIVE_INFINITY };
    let count = 0;
    for (let to = from + 1; to < pieces.length; to++) {
      count += pieces[to - 1]?.words ?? 0;
      if (count > maxWords) break;
      const isShort = count < 3 || left - count < 3;
      const cost =
        2 * penalty(pieces[to - 1]?.text ?? '', pieces[to]?.text ?? '', breaks) +
        0.6 * Math.abs(0.75 * maxWords - count) +
        (isShort ? 8 : 0);
      if (cost < best.cost) best = { to, words: count, cost };
    }
    groups.push(join(pieces.slice(from, best.to)));
    left -= best.words;
    from = best.to;
  }
  if (from < pieces.length) groups.push(join(pieces.slice(from)));
  return groups;
}

const join = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join(' ');

/** Tokens with one word each: a mark that stands alone clings to the word before it, or opens what follows. */
function piecesOf(sentence: string): Piece[] {
  const pieces: Piece[] = [];
  let opening = '';
  for (const token of sentence.split(/\s+/u).filter((part) => part !== '')) {
    if (countWords(token) > 0) {
      pieces.push({ text: `${opening}${token}`, words: 1 });
      opening = '';
      continue;
    }
    const last = pieces.at(-1);
    if (opening !== '' || last === undefined || /^[-—–«“„‘(\u005b]+$/u.test(token))
      opening += `${token} `;
    else pieces[pieces.length - 1] = { text: `${last.text} ${token}`, words: 1 };
  }
  const last = pieces.at(-1);
  if (opening === '') return pieces;
  if (last === undefined) return [{ text: opening.trim(), words: 0 }];
  pieces[pieces.length - 1] = { text: `${last.text} ${opening.trim()}`, words: 1 };
  return pieces;
}

/** 0 after a stop, 1 after a comma, 2 before a conjunction, 4 before a preposition, 9 anywhere else. */
function penalty(before: string, after: string, breaks: Breaks | undefined): number {
  if (/[;:!?…](?:\s?[»”"’)\u005d])*$/u.test(before)) return 0;
  if (/,(?:\s?[»”"’)\u005d])*$/u.test(before) || /^[-—–]/u.test(after)) return 1;
  if (breaks === undefined) return 9;
  const last = plain(before);
  if (breaks.clinging.has(last)) return 9;
  const next = plain(after);
  if (breaks.conjunctions.has(next)) return 2;
  return breaks.prepositions.has(next) ? 4 : 9;
}

/** The word without marks, and without what an elision left: "qu'il" is "qu". */
const plain = (token: string): string => /[\p{L}]+/u.exec(token.toLowerCase())?.[0] ?? '';
