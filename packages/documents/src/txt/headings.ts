import type { TextParagraph } from './paragraphs.ts';

/** A paragraph that is the title of a part or chapter. */
export interface TextHeading {
  kind: 'part' | 'chapter';
  title: string;
  /** Index of the paragraph, and how many it takes (a title below the number is part of it). */
  at: number;
  length: number;
}

const CHAPTER = /^(CHAPITRE|Chapitre|CHAPTER|Chapter|ГЛАВА|Глава) .{1,80}$/u;
const NAMED =
  /^(PROLOGUE|Prologue|[ÉE]PILOGUE|[ÉE]pilogue|PR[ÉE]FACE|Pr[ée]face|AVANT-PROPOS|Avant-propos|INTRODUCTION|Introduction|CONCLUSION|Conclusion|FOREWORD|Foreword|AFTERWORD|Afterword|ПРОЛОГ|Пролог|ЭПИЛОГ|Эпилог|ПРЕДИСЛОВИЕ|Предисловие|ПОСЛЕСЛОВИЕ|Послесловие|ВВЕДЕНИЕ|Введение|ЗАКЛЮЧЕНИЕ|Заключение)\.?$/u;
const PART =
  /^((PREMI[ÈE]RE|DEUXI[ÈE]ME|SECONDE|TROISI[ÈE]ME|QUATRI[ÈE]ME|CINQUI[ÈE]ME|SIXI[ÈE]ME|SEPTI[ÈE]ME|HUITI[ÈE]ME|DERNI[ÈE]RE) PARTIE|(Premi[èe]re|Deuxi[èe]me|Seconde|Troisi[èe]me|Quatri[èe]me|Cinqui[èe]me|Sixi[èe]me|Septi[èe]me|Huiti[èe]me|Derni[èe]re) [Pp]artie|(PART|Part|PARTIE|Partie|BOOK|Book|LIVRE|Livre|TOME|Tome|ЧАСТЬ|Часть|ТОМ|Том|КНИГА|Книга) .{1,60})$/u;
/** Upper case and as the Romans wrote it ("Il" and "IIX" are no numbers); above 399 it is a year. */
const ROMAN = /^(?=[CLXVI])C{0,3}(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})\.?$/;

/** Fewer words than this between two headings of a kind: they are lines of a table of contents. */
const CONTENTS_GAP_WORDS = 30;

/** Finds the headings of parts and chapters; lines of a table of contents are none. */
export function findHeadings(paragraphs: readonly TextParagraph[]): TextHeading[] {
  const found = paragraphs.flatMap((paragraph, at): TextHeading[] => {
    const [line = '', ...others] = paragraph.lines;
    const kind = others.length === 0 ? headingKind(line) : null;
    return kind ? [{ kind, title: line, at, length: 1 }] : [];
  });
  // "CHAPITRE XXX." and below it "Conclusion.": the second is the title of the first.
  const single = found.filter((heading, i) => {
    const before = found[i - 1];
    const isBelow = before?.kind === 'chapter' && before.at === heading.at - 1;
    return !(isBelow && NAMED.test(heading.title) && !NAMED.test(before.title));
  });
  const kept = single.filter((heading, i) => {
    const next = single[i + 1];
    return (
      next?.kind !== heading.kind || wordsBetween(paragraphs, heading, next) >= CONTENTS_GAP_WORDS
    );
  });
  const chapters = kept.filter(({ kind }) => kind === 'chapter');
  const titled = chapters.filter(({ at }) => isTitleLine(paragraphs[at + 1], MAX_SUBTITLE));
  const isTitledBook = chapters.length > 1 && titled.length >= chapters.length * 0.8;
  return kept.map((heading, i) =>
    withSubtitle(heading, paragraphs[heading.at + 1], {
      isAlone: kept[i + 1]?.at === heading.at + 1,
      isTitledBook,
    }),
  );
}

/** Characters a title below a number may have: those of Candide have up to 130. */
const MAX_SUBTITLE = 160;

function isTitleLine(paragraph: TextParagraph | undefined, max: number): boolean {
  const [line = ''] = paragraph?.lines ?? [];
  return (
    paragraph?.lines.length === 1 && line.length <= max && /^[^\p{L}\p{N}—–-]*\p{Lu}/u.test(line)
  );
}

/** What a line is the title of, by its wording alone; null for text. */
export function headingKind(line: string): TextHeading['kind'] | null {
  if (line.length > 120) return null;
  // A sentence that begins with "Part of …" or "Chapter one was …" ends like one, and is not alone.
  if (PART.test(line) && !/[,;:!?]$/.test(line)) return 'part';
  if (CHAPTER.test(line) && !/[,;:]$/.test(line)) return 'chapter';
  return NAMED.test(line) || ROMAN.test(line) ? 'chapter' : null;
}

/**
 * "CHAPITRE I." and the line below are one title, if that line is in capitals or if nearly all
 * chapters of the book have such a line: the first sentence of a chapter is rarely that short.
 */
function withSubtitle(
  heading: TextHeading,
  below: TextParagraph | undefined,
  { isAlone, isTitledBook }: { isAlone: boolean; isTitledBook: boolean },
): TextHeading {
  const [line = ''] = below?.lines ?? [];
  const isCapital = line === line.toUpperCase() && /\p{Lu}{3}/u.test(line);
  const isTitle = isTitledBook ? heading.kind === 'chapter' : isCapital;
  if (isAlone || !isTitle || !isTitleLine(below, MAX_SUBTITLE)) return heading;
  return { ...heading, title: `${heading.title.replace(/\.$/, '')}. ${line}`, length: 2 };
}

function wordsBetween(
  paragraphs: readonly TextParagraph[],
  from: TextHeading,
  to: TextHeading,
): number {
  let words = 0;
  for (const { lines } of paragraphs.slice(from.at + 1, to.at)) {
    for (const line of lines) words += line.split(/\s+/).length;
    if (words >= CONTENTS_GAP_WORDS) break;
  }
  return words;
}
