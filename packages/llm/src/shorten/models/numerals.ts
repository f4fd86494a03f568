/** Numbers that a text names, in digits or in words, so that "42" and "quarante-deux" are the same. */

import type { Sentence, Word } from './words.ts';

/** `forms=value`; forms are regular expressions. Ordinals are left out: a "second" is a time as well. */
const TABLES: Readonly<Record<string, string>> = {
  en: `one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12 thirteen=13
    fourteen=14 fifteen=15 sixteen=16 seventeen=17 eighteen=18 nineteen=19 twenty=20 thirty=30 fort?y=40 fifty=50
    sixty=60 seventy=70 eighty=80 ninety=90 hundreds?=100 thousands?=1000 millions?=1000000`,
  fr: `une?=1 deux=2 trois=3 quatre=4 cinq=5 six=6 sept=7 huit=8 neuf=9 dix=10 onze=11 douze=12 treize=13
    quatorze=14 quinze=15 seize=16 vingts?=20 trente=30 quarante=40 cinquante=50 soixante=60 septante=70
    huitante=80 nonante=90 cents?=100 mil|mille=1000 millions?=1000000`,
  ru: `од(?:ин|на|но)=1 дв(?:а|е|ух|ум|умя)=2 три|тр[её][хм]|тремя=3 четыр(?:е|[её][хм]|ьмя)=4 пят(?:ь|и|ью)=5
    шест(?:ь|и|ью)=6 сем(?:ь|и|ью)=7 вос(?:емь|ьми|емью)=8 девят(?:ь|и|ью)=9 десят(?:ь|и|ью)=10
    одиннадцат(?:ь|и|ью)=11 двенадцат(?:ь|и|ью)=12 тринадцат(?:ь|и|ью)=13 четырнадцат(?:ь|и|ью)=14
    пятнадцат(?:ь|и|ью)=15 шестнадцат(?:ь|и|ью)=16 семнадцат(?:ь|и|ью)=17 восемнадцат(?:ь|и|ью)=18
    девятнадцат(?:ь|и|ью)=19 двадцат(?:ь|и|ью)=20 тридцат(?:ь|и|ью)=30 сорока?=40 пят(?:ь|и|ью)десят(?:и|ью)?=50
    шест(?:ь|и|ью)десят(?:и|ью)?=60 сем(?:ь|и|ью)десят(?:и|ью)?=70 вос(?:емь|ьми|емью)десят(?:и|ью)?=80
    девяност[оа]=90 ст[оа]=100 двести|двухсот|двумстам=200 триста|тр[её]хсот|тр[её]мстам=300
    четыреста|четыр[её]хсот=400 пят[ьи]сот=500 шест[ьи]сот=600 сем[ьи]сот=700 вос(?:емь|ьми)сот=800
    девят[ьи]сот=900 тысяч(?:а|и|у|е|ей|ью|ам|ами|ах)?=1000 миллион(?:а|ы|у|ов|ом|ам|ами|ах)?=1000000`,
  uk: `од(?:ин|на|не)=1 дв(?:а|і|ох|ом|ома)=2 три|трьо[хм]|трьома=3 чотир(?:и|ьох|ьом|ма)=4 п.ят(?:ь|и|ьох|ьма)=5
    шість|шести|шістьох=6 сім|семи|сімох=7 вісім|восьми|вісьмох=8 дев.ят(?:ь|и|ьох)=9 десят(?:ь|и|ьох)=10
    одинадцят(?:ь|и|ьох)=11 дванадцят(?:ь|и|ьох)=12 тринадцят(?:ь|и|ьох)=13 чотирнадцят(?:ь|и|ьох)=14
    п.ятнадцят(?:ь|и|ьох)=15 шістнадцят(?:ь|и|ьох)=16 сімнадцят(?:ь|и|ьох)=17 вісімнадцят(?:ь|и|ьох)=18
    дев.ятнадцят(?:ь|и|ьох)=19 двадцят(?:ь|и|ьох)=20 тридцят(?:ь|и|ьох)=30 сорока?=40 п.ятдесят(?:и|ьох)?=50
    шістдесят(?:и|ьох)?=60 сімдесят(?:и|ьох)?=70 вісімдесят(?:и|ьох)?=80 дев.яност[оа]=90 ст[оа]=100
    двісті|двохсот=200 триста|трьохсот=300 чотириста|чотирьохсот=400 п.ятсот=500 шістсот=600 сімсот=700
    вісімсот=800 дев.ятсот=900 тисяч(?:а|і|у|ею|ам|ами|ах)?=1000 мільйон(?:а|и|у|ів|ом|ам|ами|ах)?=1000000`,
};

interface Numerals {
  readonly each: readonly (readonly [form: RegExp, value: number])[];
  /** Whether any of them is written with an apostrophe, "п'ять": a dot in its form. */
  readonly hasApostrophes: boolean;
  /** Of words that have been met, in lower case; 0 of those that are no numbers, as most are. */
  readonly met: Map<string, number>;
}

const NUMERALS: ReadonlyMap<string, Numerals> = new Map(
  Object.entries(TABLES).map(([language, table]) => {
    const entries = table.split(/\s+/u).map((entry) => entry.split('='));
    const each = entries.map(([forms = '', value]) => [wholly(forms), Number(value)] as const);
    return [language, { each, hasApostrophes: table.includes('.'), met: new Map() }];
  }),
);

function wholly(forms: string): RegExp {
  return new RegExp(`^(?:${forms})$`, 'u');
}

/** A number as it is written. */
export interface NumberAt {
  readonly text: string;
  /** "1 815,50" is "181550": what a comma means depends on the language, the digits do not. */
  readonly digits: string;
  /** Of a number in words: the single words, "40" and "2". */
  readonly parts: readonly string[];
}

const IN_DIGITS = /\d{1,3}(?:[ \u00a0\u202f.,']\d{3})+(?!\d)|\d+(?:[.,]\d+)?/gu;
const APOSTROPHES = new Set("'’ʼ");
/** What may stand between two words of one number: "vingt et un", "forty-two". */
const JOINT = /^[\s\u00a0-]+(?:(?:et|and)\s+)?$/u;

/** Whether a word is one of a number: "forty". @param lower in lower case */
export function isNumeral(lower: string, language: string): boolean {
  const numerals = NUMERALS.get(language);
  return numerals !== undefined && valueOf(lower, numerals) > 0;
}

/** A novel has some ten thousand words, over and over. */
const MOST_MET = 20_000;

/** 0 for a word that is no number. */
function valueOf(lower: string, { each, met }: Numerals): number {
  const known = met.get(lower);
  if (known !== undefined) return known;
  if (met.size >= MOST_MET) met.clear();
  const value = each.find(([form]) => form.test(lower))?.[1] ?? 0;
  met.set(lower, value);
  return value;
}

export function numbersIn(sentence: Sentence, language: string): NumberAt[] {
  return [...numbersInDigits(sentence.text), ...numbersInWords(sentence, language)];
}

function numbersInDigits(text: string): NumberAt[] {
  if (!/\d/u.test(text)) return [];
  return Array.from(text.matchAll(IN_DIGITS), ([found]) => {
    const digits = found.replace(/\D/gu, '').replace(/^0+(?=\d)/u, '');
    return { text: found, digits, parts: [] };
  });
}

interface Run {
  start: number;
  end: number;
  values: number[];
}

function numbersInWords({ text, words }: Sentence, language: string): NumberAt[] {
  const numerals = NUMERALS.get(language);
  if (numerals === undefined) return [];
  const runs: Run[] = [];
  for (let place = 0; place < words.length; place++) {
    const first = words[place];
    const second = words[place + 1];
    if (first === undefined) break;
    const isPair = isOneWord(text, first, second);
    if (isPair) place++;
    if (isPair && !numerals.hasApostrophes) continue;
    const end = isPair ? second.end : first.end;
    const value = valueOf(
      isPair ? text.slice(first.start, end).toLowerCase() : first.form.lower,
      numerals,
    );
    if (value > 0) join(runs, text, { start: first.start, end, values: [value] });
  }
  return runs.map(({ start, end, values }) => ({
    text: text.slice(start, end),
    digits: String(compose(values)),
    parts: values.map(String),
  }));
}

/** "п'ять" is a number, and "d'un" is none. */
function isOneWord(text: string, first: Word, second: Word | undefined): second is Word {
  return second?.start === first.end + 1 && APOSTROPHES.has(text.charAt(first.end));
}

function join(runs: Run[], text: string, next: Run): void {
  const last = runs.at(-1);
  if (last !== undefined && JOINT.test(text.slice(last.end, next.start))) {
    last.values.push(...next.values);
    last.end = next.end;
  } else runs.push(next);
}

/** 4 20 10 7 is 97, 1000 8 100 15 is 1815. */
function compose(values: readonly number[]): number {
  let total = 0;
  let current = 0;
  for (const value of values) {
    if (value >= 1000) {
      total += Math.max(1, current) * value;
      current = 0;
    } else if (value === 100 || (value === 20 && current === 4)) {
      current = Math.max(1, current) * value;
    } else current += value;
  }
  return total + current;
}
