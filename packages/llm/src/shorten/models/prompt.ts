/** What a model is told, in the language of the book where we have a prompt in it. */

import { languageName, languageSubtag } from '../../models/language.ts';
import { singleSpaced } from '../characters.ts';
import type { ShortenRequest } from '../types.ts';
import type { Target } from './batches.ts';
import type { Fault } from './faults.ts';
import { english } from './prompts/en.ts';
import { french } from './prompts/fr.ts';
import type { PromptPack } from './prompts/prompt-pack.ts';
import { russian } from './prompts/ru.ts';
import { ukrainian } from './prompts/uk.ts';
import { boundCall, boundOutput, boundTokens } from './token-bounds.ts';
import { SCHEMA_TEXT } from './wire.ts';

/** Rises whenever a prompt changes: remembered answers to the old one no longer count. */
export const PROMPT_VERSION = '1';

const PACKS = new Map([english, french, russian, ukrainian].map((pack) => [pack.language, pack]));

/** Sentences to be understood by, around each one that is rewritten. */
const LINES_BEFORE = 3;
const LINES_AFTER = 1;
const LONGEST_CONTEXT = 600;
/** Of what was invented, as it is told: a name is short. */
const MOST_INVENTED_TOKENS = 30;

/** A sentence to be asked for. `fault`: what was wrong with the last answer. */
export interface Wanted {
  readonly target: Target;
  readonly fault?: Fault | undefined;
}

export interface ShortenQuestion {
  readonly instructions: string;
  readonly prompt: string;
  readonly maxOutputTokens: number;
  /** Tokens in and out that the call cannot exceed. */
  readonly bound: number;
  /** Tokens that it will use, roughly. */
  readonly expectedTokens: number;
}

/** Makes the questions about one request. */
export type Asker = (wanted: readonly Wanted[]) => ShortenQuestion;

export function createAsker(request: ShortenRequest): Asker {
  const { before, sentences, after, maxWords } = request;
  const book = languageSubtag(request.language);
  const pack = PACKS.get(book ?? '') ?? english;
  const fill = (text: string, more: Readonly<Record<string, string>> = {}) =>
    fillIn(text, { language: languageName(book, pack.language), n: String(maxWords), ...more });
  const instructions = [
    fill(pack.task),
    pack.exampleHeading,
    line('s9001', pack.example.source),
    JSON.stringify({ items: [{ id: 's9001', sentences: pack.example.sentences }] }),
  ].join('\n\n');
  const fixedTokens = boundTokens(instructions) + boundTokens(SCHEMA_TEXT);
  const lines = [...before, ...sentences.map(({ text }) => text), ...after];
  return (wanted) => {
    const faults = new Map(wanted.map((one) => [one.target.index + before.length, one]));
    const body = placesAround([...faults.keys()], lines.length).map((place) => {
      const one = faults.get(place);
      if (one === undefined) return line(' ', shortened(lines[place] ?? ''));
      const tagged = line(`s${one.target.tag}`, one.target.text);
      return one.fault === undefined ? tagged : `${tagged}\n  ! ${said(pack, one.fault, fill)}`;
    });
    const isRepair = wanted.some(({ fault }) => fault !== undefined);
    const prompt = [...(isRepair ? [pack.again] : []), body.join('\n')].join('\n\n');
    const tokens = wanted.reduce((sum, { target }) => sum + target.tokens, 0);
    const maxOutputTokens = boundOutput(wanted.length, tokens);
    const bound = boundCall(fixedTokens + boundTokens(prompt), maxOutputTokens);
    return {
      instructions,
      prompt,
      maxOutputTokens,
      bound,
      expectedTokens: bound - maxOutputTokens + tokens,
    };
  };
}

const line = (tag: string, text: string): string => `[${tag}] ${text}`;

function fillIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/gu, (whole, name: string) => values[name] ?? whole);
}

function said(
  { faults }: PromptPack,
  fault: Fault,
  fill: (text: string, more: Readonly<Record<string, string>>) => string,
): string {
  const invented = 'invented' in fault ? tellable(fault.invented) : '';
  const words = 'words' in fault ? String(fault.words) : '';
  return fill(faults[fault.kind], { invented, words });
}

function tellable(invented: readonly string[]): string {
  let text = '';
  for (const one of invented) {
    const longer = text === '' ? one : `${text}, ${one}`;
    if (boundTokens(longer) > MOST_INVENTED_TOKENS) break;
    text = longer;
  }
  return text === '' ? '…' : text;
}

function shortened(text: string): string {
  const flat = singleSpaced(text);
  return flat.length <= LONGEST_CONTEXT
    ? flat
    : `${flat.slice(0, LONGEST_CONTEXT).toWellFormed()}…`;
}

/** The places themselves and those to be understood by, in order. */
function placesAround(places: readonly number[], count: number): number[] {
  const around = new Set<number>();
  for (const place of places) {
    const last = Math.min(count - 1, place + LINES_AFTER);
    for (let near = Math.max(0, place - LINES_BEFORE); near <= last; near++) around.add(near);
  }
  return [...around].sort((a, b) => a - b);
}
