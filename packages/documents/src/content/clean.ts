// Control characters but tab and line feed, soft hyphen, zero-width space, byte order mark and the two
// non-characters that PDF readers use as marks. U+00A0, U+200C, U+200D and U+2060 carry meaning.
const REMOVED = /[[\p{Cc}\u00ad\u200b\ufeff\ufffe\uffff]--[\t\n]]/gv;

/**
 * Makes a string fit for the closed tree: line ends become line feeds; control characters, soft
 * hyphens and zero-width spaces go; lone surrogates become U+FFFD.
 */
export function cleanText(text: string): string {
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  return lines.replace(REMOVED, '').toWellFormed();
}

/** A single line without white space at its ends: titles, names, labels. */
export function cleanLine(text: string): string {
  return cleanText(text.replace(/[\t\n\f\r]/g, ' '))
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** `cleanLine`, cut to at most `max` UTF-16 code units at a word where there is one. */
export function shortLine(text: string, max = 500): string {
  const line = cleanLine(text.length > 8 * max ? text.slice(0, 8 * max) : text);
  if (line.length <= max) return line;
  const cut = line.slice(0, max - 1).toWellFormed();
  const space = cut.lastIndexOf(' ');
  return `${(space > max / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}
