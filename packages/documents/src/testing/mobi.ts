import { encode } from './code-pages.ts';

export interface MobiParts {
  /** The text; `{{name}}` stands for the byte at which `<!--name-->` (which is taken out) stood. */
  html: string;
  /** As the Encoding Standard names it; `codePage` says what the header claims. */
  encoding?: string;
  codePage?: number;
  exth?: readonly (readonly [type: number, value: string | Uint8Array])[];
  images?: readonly Uint8Array[];
  title?: string;
  encryption?: number;
  version?: number;
  /** 1 is none, 2 PalmDOC. */
  compression?: number;
  locale?: number;
  /** Put behind each record of text, with the flags that announce it. */
  trailing?: { flags: number; bytes: Uint8Array };
  recordBytes?: number;
}

const HEADER_BYTES = 16 + 232;
const NONE = 0xffffffff;

/** A MOBI of version 6 as the format's description has it. */
export function mobi(parts: MobiParts): Buffer {
  const text = encodeText(parts);
  const size = parts.recordBytes ?? 4096;
  const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
    text.subarray(i * size, (i + 1) * size),
  );
  const packed = chunks.map((chunk) =>
    Buffer.concat([
      parts.compression === 1 ? chunk : packPalmDoc(chunk),
      parts.trailing?.bytes ?? Buffer.alloc(0),
    ]),
  );
  const header = headerRecord(parts, text.length, packed.length);
  return database([
    header,
    ...packed,
    ...(parts.images ?? []),
    Buffer.from('\xe9\x8e\r\n', 'latin1'),
  ]);
}

function headerRecord(parts: MobiParts, textLength: number, textRecords: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  const exth = exthBlock(parts);
  const title = Buffer.from(parts.title ?? '');
  header.writeUInt16BE(parts.compression ?? 2, 0);
  header.writeUInt32BE(textLength, 4);
  header.writeUInt16BE(textRecords, 8);
  header.writeUInt16BE(parts.encryption ?? 0, 12);
  header.write('MOBI', 16);
  header.writeUInt32BE(HEADER_BYTES - 16, 20);
  header.writeUInt32BE(parts.codePage ?? 65001, 28);
  header.writeUInt32BE(parts.version ?? 6, 36);
  header.writeUInt32BE(HEADER_BYTES + exth.length, 84);
  header.writeUInt32BE(title.length, 88);
  header.writeUInt32BE(parts.locale ?? 0, 92);
  header.writeUInt32BE(parts.images ? 1 + textRecords : NONE, 108);
  header.writeUInt32BE(0x40, 128);
  header.writeUInt32BE(parts.trailing?.flags ?? 0, 240);
  return Buffer.concat([header, exth, title]);
}

/** Encodes the text with its places filled in: numbers of ten digits, so that none of them moves. */
function encodeText({ html, encoding = 'utf-8' }: MobiParts): Buffer {
  const bytes = (text: string): Buffer =>
    encoding === 'utf-8' ? Buffer.from(text) : encode(text, encoding);
  const wide = html.replace(/\{\{\w+\}\}/g, '0000000000');
  const places = new Map<string, string>();
  let taken = 0;
  for (const mark of wide.matchAll(/<!--(\w+)-->/g)) {
    const at = bytes(wide.slice(0, mark.index)).length - taken;
    taken += mark[0].length;
    places.set(mark[1] ?? '', String(at).padStart(10, '0'));
  }
  const filled = html.replace(/\{\{(\w+)\}\}/g, (_all, name: string) => places.get(name) ?? '');
  return bytes(filled.replace(/<!--\w+-->/g, ''));
}

function exthBlock({ exth = [], encoding = 'utf-8' }: MobiParts): Buffer {
  const entries = exth.map(([type, value]) => {
    const isText = typeof value === 'string';
    const plain = isText && encoding === 'utf-8' ? Buffer.from(value) : value;
    const bytes = typeof plain === 'string' ? encode(plain, encoding) : Buffer.from(plain);
    return Buffer.concat([uint32(type), uint32(bytes.length + 8), bytes]);
  });
  const body = Buffer.concat(entries);
  return Buffer.concat([Buffer.from('EXTH'), uint32(12 + body.length), uint32(exth.length), body]);
}

/** Uses every kind of code: literals, a space with its letter, and copies. */
export function packPalmDoc(text: Uint8Array): Buffer {
  const latin = Buffer.from(text).toString('latin1');
  const out: number[] = [];
  for (let at = 0; at < latin.length;) {
    const window = latin.slice(Math.max(0, at - 2047), at);
    const back = window.length - window.lastIndexOf(latin.slice(at, at + 5));
    const canCopy = at + 5 <= latin.length && window.includes(latin.slice(at, at + 5));
    const byte = latin.charCodeAt(at);
    const next = latin.charCodeAt(at + 1);
    if (canCopy) {
      out.push(0x80 | (back >> 5), ((back << 3) & 0xff) | 2);
      at += 5;
    } else if (byte === 0x20 && next >= 0x40 && next < 0x80) {
      out.push(next | 0x80);
      at += 2;
    } else {
      if ((byte >= 1 && byte <= 8) || byte >= 0x80) out.push(1);
      out.push(byte);
      at += 1;
    }
  }
  return Buffer.from(out);
}

/** A Palm database of the type that MOBI has. */
export function database(records: readonly Uint8Array[]): Buffer {
  const head = Buffer.alloc(78 + 8 * records.length);
  head.write('A_Book', 0);
  head.write('BOOKMOBI', 60);
  head.writeUInt16BE(records.length, 76);
  let at = head.length;
  records.forEach((record, i) => {
    head.writeUInt32BE(at, 78 + 8 * i);
    at += record.length;
  });
  return Buffer.concat([head, ...records]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
