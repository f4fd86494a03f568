import type { ModelRequest } from './model-server.ts';
import { reply, type ModelReply } from './replies.ts';

const TAGGED = /^\[s(?<tag>\d+)\] (?<text>.*)$/gmu;

/**
 * A model that shortens: it answers every tagged sentence of a prompt with its own words in pieces of so many, so that nothing is
 * lost, nothing invented, and every piece within the limit.
 *
 * @param tokens what it says it has used, a call
 */
export function shortenedBy(
  { prompt }: Pick<ModelRequest, 'prompt'>,
  maxWords: number,
  tokens = { input: 900, output: 600 },
): ModelReply {
  const items = Array.from(prompt.matchAll(TAGGED), ({ groups }) => ({
    id: `s${groups?.['tag']}`,
    sentences: pieces(groups?.['text'] ?? '', maxWords),
  }));
  return reply.answer({ items }, { usage: tokens });
}

function pieces(text: string, maxWords: number): string[] {
  const words = text.split(/\s+/u).filter((word) => word !== '');
  const count = Math.max(1, Math.ceil(words.length / maxWords));
  return Array.from({ length: count }, (_, index) =>
    words
      .slice(index * maxWords, (index + 1) * maxWords)
      .join(' ')
      .replace(/[,;:]?$/u, (end) => (end === '' ? '' : '.')),
  );
}
