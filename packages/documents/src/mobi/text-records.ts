import { DocumentError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { MobiHeader } from './header.ts';

/** Most bytes that one packed byte can become: two of them make a copy of ten. */
const MAX_GROWTH = 5;

/**
 * The text of a MOBI in one piece: records joined, unpacked. Links count bytes of it.
 * Throws DocumentError `document.too_much_text`.
 */
export function readText(records: readonly Buffer[], header: MobiHeader, limits: Limits): Buffer {
  const packed = records
    .slice(1, 1 + header.textRecords)
    .map((record) => withoutTrailingEntries(record, header.trailingFlags));
  if (header.compression === 'none') {
    const length = packed.reduce((sum, record) => sum + record.length, 0);
    if (length > limits.textBytes) throw tooMuchText(limits);
    return Buffer.concat(packed);
  }
  const parts: Buffer[] = [];
  let total = 0;
  for (const record of packed) {
    const part = unpackPalmDoc(record);
    total += part.length;
    if (total > limits.textBytes) throw tooMuchText(limits);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/**
 * A record without what trails its text. For each flag but the lowest there is an entry whose last
 * bytes hold its size, seven bits each, the first of them marked by its high bit; the lowest flag means
 * the rest of a character of several bytes, which begins the next record again.
 */
function withoutTrailingEntries(record: Buffer, flags: number): Buffer {
  let end = record.length;
  for (let rest = flags >> 1; rest > 0 && end > 0; rest >>= 1) {
    if ((rest & 1) === 0) continue;
    let size = 0;
    for (const byte of record.subarray(Math.max(0, end - 4), end)) {
      size = ((byte & 0x80 ? 0 : size) << 7) | (byte & 0x7f);
    }
    end -= size;
  }
  if ((flags & 1) !== 0 && end > 0) end -= ((record[end - 1] ?? 0) & 3) + 1;
  return record.subarray(0, Math.max(0, end));
}

/**
 * PalmDOC compression, an LZ77 (format as the MobileRead wiki describes it): 0x01-0x08 that many literal
 * bytes follow; 0x80-0xBF with the next byte a copy of 3 to 10 bytes from up to 2,047 back; 0xC0-0xFF a
 * space and a character; others stand for themselves. Damage yields fewer bytes, never an error.
 */
export function unpackPalmDoc(packed: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(packed.length * MAX_GROWTH);
  let length = 0;
  for (let at = 0; at < packed.length;) {
    const byte = packed[at] ?? 0;
    at += 1;
    if (byte >= 0xc0) {
      out[length] = 0x20;
      out[length + 1] = byte ^ 0x80;
      length += 2;
    } else if (byte >= 0x80) {
      const pair = (byte << 8) | (packed[at] ?? 0);
      at += 1;
      const distance = (pair >> 3) & 0x7ff;
      if (distance === 0 || distance > length) continue;
      // Byte by byte: a copy may overlap what it writes.
      for (const end = length + (pair & 7) + 3; length < end; length += 1) {
        out[length] = out[length - distance] ?? 0;
      }
    } else if (byte >= 1 && byte <= 8) {
      for (const end = Math.min(packed.length, at + byte); at < end; at += 1) {
        out[length] = packed[at] ?? 0;
        length += 1;
      }
    } else {
      out[length] = byte;
      length += 1;
    }
  }
  return Buffer.from(out.subarray(0, length));
}

function tooMuchText({ textBytes }: Limits): DocumentError {
  return new DocumentError(
    'document.too_much_text',
    `The book has more than ${textBytes} bytes of text. Send it in volumes.`,
    { limit: textBytes },
  );
}
