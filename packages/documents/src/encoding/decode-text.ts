import type { WarningSink } from '../warnings.ts';
import { detectEncoding } from './detect-encoding.ts';

export interface DecodedText {
  text: string;
  encoding: string;
  /** Set when the declaration was wrong or damaged bytes were replaced. */
  repair: TextRepair | null;
}

export interface TextRepair {
  code: 'text.encoding' | 'text.bytes_replaced';
  message: string;
  params: { declared: string; encoding: string };
}

/** Tells of a repair in this file. */
export function warnOfRepair(warn: WarningSink, repair: TextRepair | null, file: string): void {
  if (repair === null) return;
  warn(repair.code, `${file}: ${repair.message}`, { ...repair.params, file });
}

/** Spellings of real files that the Encoding Standard does not know. */
const ALIASES: Readonly<Record<string, string>> = {
  'win-1251': 'windows-1251',
  windows1251: 'windows-1251',
  'win-1252': 'windows-1252',
  windows1252: 'windows-1252',
  maccyrillic: 'x-mac-cyrillic',
};

/**
 * Decodes bytes of unknown encoding: byte order mark, else what the XML declaration (or a `charset`
 * of HTML) says, else UTF-8 if the bytes are valid, else detection. A declaration that the bytes
 * contradict is overruled.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const marked = encodingOfMark(bytes);
  if (marked) return { text: decode(bytes, marked), encoding: marked, repair: null };

  const declared = declaredEncoding(bytes);
  if (declared?.startsWith('utf-16')) {
    // Without a mark the bytes themselves must show which half comes first, or that it is not UTF-16.
    const detected = detectEncoding(bytes);
    return result(bytes, detected, detected.startsWith('utf-16') ? null : declared);
  }
  return decodeDeclared(bytes, declared);
}

/** `decodeText` for bytes whose encoding, if any, is declared elsewhere than in the bytes. */
export function decodeDeclared(bytes: Uint8Array, declared: string | null): DecodedText {
  const strict = decodeStrict(bytes);
  if (strict !== null) return decodedUtf8(bytes, strict, declared);
  if (declared !== null && declared !== 'utf-8') {
    const detected = detectEncoding(bytes, declared);
    return result(bytes, detected, detected === declared ? null : declared);
  }
  const detected = detectEncoding(bytes);
  return result(bytes, detected, detected === 'utf-8' ? 'utf-8' : declared);
}

function decodedUtf8(bytes: Uint8Array, text: string, declared: string | null): DecodedText {
  if (/\0/.test(text.slice(0, 1000))) {
    const detected = detectEncoding(bytes);
    if (detected.startsWith('utf-16')) return result(bytes, detected, declared);
  }
  const isAscii = text.length === bytes.length;
  const contradicted = declared !== null && declared !== 'utf-8' && !isAscii;
  return {
    text,
    encoding: 'utf-8',
    repair: contradicted
      ? {
          code: 'text.encoding',
          message: `The file says ${declared} but is UTF-8; read as UTF-8.`,
          params: { declared, encoding: 'utf-8' },
        }
      : null,
  };
}

function result(bytes: Uint8Array, encoding: string, wrongly: string | null): DecodedText {
  const text = decode(bytes, encoding);
  if (wrongly === null) return { text, encoding, repair: null };
  const params = { declared: wrongly, encoding };
  const repair: TextRepair =
    wrongly === encoding
      ? {
          code: 'text.bytes_replaced',
          message: 'Some bytes are not valid UTF-8 and were replaced.',
          params,
        }
      : {
          code: 'text.encoding',
          message: `The file says ${wrongly} but is not; read as ${encoding}.`,
          params,
        };
  return { text, encoding, repair };
}

function decode(bytes: Uint8Array, encoding: string): string {
  return new TextDecoder(encoding).decode(bytes);
}

function decodeStrict(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null; // the only error there is: not UTF-8
  }
}

function encodingOfMark(bytes: Uint8Array): string | null {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  return null;
}

/** The declared encoding in its standard spelling; null when there is none or it is unknown. */
function declaredEncoding(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, 1024)).toString('latin1').replaceAll('\0', '');
  const match =
    /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']?([\w.:-]+)/i.exec(head) ??
    /<meta[^>]*?charset\s*=\s*["']?([\w.:-]+)/i.exec(head);
  const label = match?.[1]?.toLowerCase();
  if (label === undefined) return null;
  try {
    return new TextDecoder(ALIASES[label] ?? label).encoding;
  } catch {
    return null; // a label nobody knows ("ansi", "utf-7"): detection decides
  }
}
