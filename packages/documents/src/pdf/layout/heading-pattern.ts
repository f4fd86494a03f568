import { romanValue } from './numerals.ts';

export type HeadingWording = 'part' | 'chapter';

const ORDINALS =
  'premi[eè]re?|seconde?|deuxi[eè]me|troisi[eè]me|quatri[eè]me|cinqui[eè]me|sixi[eè]me|septi[eè]me|huiti[eè]me|neuvi[eè]me|dixi[eè]me|onzi[eè]me|douzi[eè]me|derni[eè]re?' +
  '|un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt' +
  '|(?:the )?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|last)' +
  '|one|two|three|four|five|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty' +
  '|перв[а-я]+|втор[а-я]+|трет[а-я]+|четв[её]рт[а-я]+|пят[а-я]+|шест[а-я]+|седьм[а-я]+|восьм[а-я]+|девят[а-я]+|десят[а-я]+|одиннадцат[а-я]+|двенадцат[а-я]+|[а-я]+надцат[а-я]+|двадцат[а-я]+|тридцат[а-я]+|сороков[а-я]+|последн[а-я]+';
const NUMBER = `(?:\\d{1,3}|[ivxlc]{1,8}|${ORDINALS})`;
const PART_WORD =
  'partie|part|часть|livre|book|книга|buch|libro|tome|tom|том|volume|volumen|acte|act|действие|teil|parte';
const CHAPTER_WORD = 'chapitre|chapter|глава|kapitel|cap[ií]tulo|capitolo|розділ|sc[eè]ne|явление';
/** After the number: the end, a sign and a title, or a title with a capital. */
const REST = '(?=$|[^\\p{L}\\p{N}])';

const PART = new RegExp(
  `^(?:(?:${PART_WORD})\\s+${NUMBER}|(?:${ORDINALS})\\s+(?:${PART_WORD}))${REST}`,
  'iu',
);
const CHAPTER = new RegExp(
  `^(?:(?:${CHAPTER_WORD})\\s+${NUMBER}|(?:${ORDINALS})\\s+(?:${CHAPTER_WORD}))${REST}`,
  'iu',
);
const NAMED =
  /^(?:prologue?|[ée]pilogue?|pr[ée]face|introduction|avant-propos|conclusion|postface|foreword|afterword|prolog|epilog|vorwort|nachwort|einleitung|pr[óo]logo|ep[íi]logo|пролог|эпилог|предисловие|введение|вступление|заключение|послесловие|передмова|епілог)\W*$/iu;
const NUMBER_FIRST = /^(\d{1,3}|[IVXLC]{1,8})(?:\s*[.):—–-]\s*|\s+|$)(.*)$/u;

/**
 * What a line is the heading of by its wording alone: a keyword and a number or ordinal, a preface's name, or a number
 * that ends the line or is followed by `. ) : —` and a capital. Roman numbers only as the Romans wrote them and in upper
 * case: otherwise `Il`, `M. de…` and `C.` are headings, 61 false ones in six novels against 16.
 */
export function headingWording(text: string): HeadingWording | null {
  if (text.length > 140) return null;
  if (PART.test(text)) return 'part';
  if (CHAPTER.test(text) || NAMED.test(text)) return 'chapter';
  return isNumberHeading(text) ? 'chapter' : null;
}

/** The line is worded as a heading with nothing else around it. */
export function isHeadingWording(text: string): boolean {
  return headingWording(text) !== null;
}

function isNumberHeading(text: string): boolean {
  const [, number = '', rest = ''] = NUMBER_FIRST.exec(text) ?? [];
  if (number === '' || (!/^\d/.test(number) && romanValue(number) === null)) return false;
  if (rest !== '' && /^[CL]$/.test(number)) return false; // A first name rather than a hundred chapters.
  const sign = text.slice(number.length).trimStart()[0];
  return rest === '' || (sign !== undefined && /[.):—–-]/u.test(sign) && /^\p{Lu}/u.test(rest));
}

/** "Table of contents" and the like: what follows on that page names chapters and begins none. */
export function isContentsTitle(text: string): boolean {
  return /^\W*(?:table des mati[èe]res|sommaire|(?:table of )?contents|inhalt(?:sverzeichnis)?|[íi]ndice|оглавление|содержание|зміст)[^\p{L}]*$/iu.test(
    text,
  );
}

/** A line of a table of contents: a title, dots or a wide gap, and the number of a page. */
export function isContentsLine(text: string): boolean {
  // The last character first: a pattern over whole lines took half of the time of a novel of 601 pages.
  return /[\dixvlc]$/.test(text) && /(?:[.…·_]\s?){3}\s*(?:\d{1,4}|[ivxlc]{1,7})$/u.test(text);
}
