/** What text has without any `font`; sizes go from 1 to 7. */
export const DEFAULT_SIZE = 3;
/** Deeper nesting does not occur in books. */
const MAX_DEPTH = 64;

/** The size that a `size` attribute means: `5`, or `+1` counted from the default. */
export function parseSize(value: string | undefined): number | null {
  const match = /^([+-]?)(\d)$/.exec(value?.trim() ?? '');
  if (!match) return null;
  const digit = Number(match[2]);
  const size = match[1] === '' ? digit : DEFAULT_SIZE + (match[1] === '-' ? -1 : 1) * digit;
  return Math.min(7, Math.max(1, size));
}

/**
 * The size most of the text has. Some converters write it around every paragraph, and headings are
 * larger than that, not than the default. Looks at the tags alone: all pages in memory at once as
 * trees would cost a hundred times the text.
 */
export function usualSize(pages: readonly { html: string }[]): number {
  const characters = Array.from({ length: 8 }, () => 0);
  for (const { html } of pages) {
    const open = [DEFAULT_SIZE];
    for (let at = 0; at < html.length;) {
      const tag = html.indexOf('<', at);
      const end = tag < 0 ? html.length : tag;
      const size = open.at(-1) ?? DEFAULT_SIZE;
      characters[size] = (characters[size] ?? 0) + end - at;
      const close = tag < 0 ? -1 : html.indexOf('>', tag);
      if (close < 0) break;
      readTag(html.slice(tag, Math.min(close, tag + 200)), open);
      at = close + 1;
    }
  }
  return characters.indexOf(Math.max(...characters));
}

function readTag(tag: string, open: number[]): void {
  if (/^<\/font/i.test(tag)) {
    if (open.length > 1) open.pop();
  } else if (/^<font/i.test(tag) && open.length < MAX_DEPTH) {
    const size = /\ssize\s{0,9}=\s{0,9}["']?([+-]?\d)/i.exec(tag)?.[1];
    open.push(parseSize(size) ?? open.at(-1) ?? DEFAULT_SIZE);
  }
}
