import type { Archive } from './archive/zip.ts';

/** What a file is, by its first bytes; its name says nothing reliable. */
export type DetectedKind =
  | 'zip'
  | 'text'
  | 'pdf'
  | 'mobi'
  | 'rtf'
  | 'doc'
  | 'djvu'
  | 'rar'
  | '7z'
  | 'gzip'
  | 'picture'
  | 'binary data';

const MAGIC: readonly (readonly [kind: DetectedKind, prefix: string, at?: number])[] = [
  ['zip', 'PK\x03\x04'],
  ['zip', 'PK\x05\x06'],
  ['pdf', '%PDF'],
  ['mobi', 'BOOKMOBI', 60],
  ['rtf', '{\\rtf'],
  ['doc', '\xd0\xcf\x11\xe0'],
  ['djvu', 'AT&TFORM'],
  ['rar', 'Rar!'],
  ['7z', "7z\xbc\xaf'\x1c"],
  ['gzip', '\x1f\x8b'],
  ['picture', '\x89PNG'],
  ['picture', '\xff\xd8\xff'],
  ['picture', 'GIF8'],
];

export function detectKind(bytes: Uint8Array): DetectedKind {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(1024, bytes.byteLength));
  const ascii = head.toString('latin1');
  for (const [kind, prefix, at = 0] of MAGIC) if (ascii.startsWith(prefix, at)) return kind;
  return looksLikeText(head) ? 'text' : 'binary data';
}

/** Control characters are rare in text; NUL occurs in UTF-16 only, there in one column. */
function looksLikeText(head: Uint8Array): boolean {
  let controls = 0;
  let nulls = 0;
  for (const byte of head) {
    if (byte === 0) nulls += 1;
    else if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13) controls += 1;
  }
  // Cyrillic in UTF-16 has 0x04 in every other byte.
  const isWide = nulls > 0 || controls > head.length * 0.2;
  return isWide ? nulls + controls <= head.length * 0.6 : controls <= head.length * 0.02;
}

export type ArchiveKind =
  | { kind: 'epub' }
  | { kind: 'fb2'; names: string[] }
  | { kind: 'nested-epub'; name: string }
  | { kind: 'other'; what: string };

export function detectArchiveKind(archive: Archive): ArchiveKind {
  const names = archive.names;
  const ending = (suffix: string): string[] =>
    names.filter((name) => name.toLowerCase().endsWith(suffix));
  if (archive.find('META-INF/container.xml') !== null) return { kind: 'epub' };
  const fb2 = ending('.fb2');
  if (fb2.length > 0) return { kind: 'fb2', names: fb2 };
  if (ending('.opf').length > 0) return { kind: 'epub' };
  const [epub] = ending('.epub');
  if (epub !== undefined) return { kind: 'nested-epub', name: epub };
  const office = names.find((name) => /^(word|ppt|xl)\//.test(name));
  return { kind: 'other', what: office ? 'an Office document' : 'an archive without a book' };
}
