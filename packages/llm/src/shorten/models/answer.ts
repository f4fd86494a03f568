/** What a model is asked to answer, and what is read of what it does answer. */

import { z } from 'zod';
import { leniently, storable } from '../../models/loose-answer.ts';
import { singleSpaced } from '../characters.ts';
import { wireSchema } from './wire.ts';

export const answerSchema = leniently(wireSchema);

const looseItemSchema = z.object({
  id: z.union([z.string(), z.number()]),
  sentences: z.union([z.array(z.string()), z.string()]),
});

/** An item as it is remembered. */
export const itemSchema = z.object({ tag: z.number(), sentences: z.array(z.string()) });

export type Item = z.infer<typeof itemSchema>;

/** "s12", "[s12]", "12" and 12 are 12; "s1-s2" and "s1, s2" are nothing. */
const TAG = /^\s*\[?\s*s?(\d{1,6})\s*\]?\s*$/iu;
const LONGEST_KEPT = 20_000;

/**
 * Items that can be used: with one of the tags that were asked for, exactly once, and words in at least one sentence. An
 * item for two sentences at once, or two for one, is as good as none: nobody knows what belongs where.
 */
export function readItems(items: readonly unknown[], tags: ReadonlySet<number>): Item[] {
  const read = new Map<number, Item | 'doubled'>();
  for (const raw of items) {
    const parsed = looseItemSchema.safeParse(raw);
    if (!parsed.success) continue;
    const tag = Number(TAG.exec(String(parsed.data.id))?.[1] ?? Number.NaN);
    if (!tags.has(tag)) continue;
    const sentences = [parsed.data.sentences].flat().map(clean).filter(hasWord);
    read.set(tag, read.has(tag) ? 'doubled' : { tag, sentences });
  }
  return [...read.values()].flatMap((item) =>
    item === 'doubled' || item.sentences.length === 0 ? [] : [item],
  );
}

const hasWord = (sentence: string): boolean => /[\p{L}\p{N}]/u.test(sentence);

/** Models put the tag before the sentence, too. */
function clean(sentence: string): string {
  return singleSpaced(storable(sentence, LONGEST_KEPT))
    .replace(/^\[s\d+\]/iu, '')
    .trimStart();
}

/** The complete objects of the first list in a text that is no JSON as a whole: one that was cut, or has one bad item. */
export function salvage(text: string): unknown[] {
  const items: unknown[] = [];
  let start = -1;
  let depth = 0;
  let isInString = false;
  const list = text.indexOf('[');
  if (list === -1) return items;
  for (let index = list + 1; index < text.length; index++) {
    const character = text.charAt(index);
    if (isInString) {
      if (character === '\\') index++;
      else if (character === '"') isInString = false;
    } else if (character === '"') isInString = true;
    else if (character === '{' && depth++ === 0) start = index;
    else if (character === '}' && depth > 0 && --depth === 0) {
      const item = parseObject(text.slice(start, index + 1));
      if (item !== undefined) items.push(item);
    }
  }
  return items;
}

function parseObject(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
