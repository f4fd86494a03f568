/** Rules about who speaks: a tag stays with its speech, and in some languages the speech goes on after it. */

import type { LanguageRules } from './languages.ts';

interface Context {
  /** The end of the sentence so far, and the beginning of what would be the next. */
  readonly before: string;
  readonly after: string;
  /** `after` without a dash at its head. */
  readonly withoutDash: string;
  readonly rules: LanguageRules;
}

const VERBS =
  `said asked cried answered replied muttered whispered shouted exclaimed returned continued added
  murmured remarked observed called inquired demanded began repeated went laughed sighed interrupted screamed gasped
  growled snapped interposed suggested explained echoed sobbed pleaded responded retorted declared`
    .split(/\s+/u)
    .join('|');
const TITLE =
  '(?:(?:Mr|Mrs|Ms|Dr|Prof|St)\\. |(?:Miss|Sir|Lady|Lord|Captain|Colonel|Doctor|Aunt|Uncle|Father) )?';
const SUBJECT = `(?:I|${TITLE}(?:\\p{Lu}[\\p{L}'’-]+ ?){1,2}|(?:The|His|Her|My|Our|Their|Poor|Old) (?:\\p{L}+ ?){1,3})`;
/** A tag whose subject comes first: `“Why?” I asked.`, `“Go!” Mr. Wopsle cried.` */
const TAG = new RegExp(`^${SUBJECT} ?(?<= )(?:${VERBS})(?!\\p{L}| nothing| no | so )`, 'u');

/** `“No!” she said.`: the quotation is not a question, and not broken off by a dash, so the same person may go on. */
const TAGGED = /[,!][”’"']\s(\p{Ll}[^“”‘"]{1,60}|\p{Lu}[^“”‘"]{1,60})\.$/u;
/** `— Не знаю, — сказал он.`: a tag between dashes, without a stop inside. */
const DASHED_TAG = /[.!?…,»“”"]\s?[—–-]\s?\p{Ll}[^.!?…]*[.,:]$/u;

export function isSpeechGoingOn(context: Context): boolean {
  const { rules } = context;
  if (rules.language === 'en') return isEnglishTag(context) || isEnglishSpeechGoingOn(context);
  return rules.dashGoesOn && isDashedSpeechGoingOn(context);
}

function isEnglishTag({ before, after }: Context): boolean {
  return /[!?…][”’"']$/u.test(before) && TAG.test(after);
}

function isEnglishSpeechGoingOn({ before, after }: Context): boolean {
  if (!/^[“‘"']\p{Lu}/u.test(after) || /\?[”’"']/u.test(before)) return false;
  const tag = TAGGED.exec(before)?.[1];
  return tag !== undefined && (/^\p{Ll}/u.test(tag) || TAG.test(tag));
}

function isDashedSpeechGoingOn({ before, after, withoutDash }: Context): boolean {
  return withoutDash.length < after.length && DASHED_TAG.test(before);
}
