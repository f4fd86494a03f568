import { DocumentError } from '../errors.ts';
import { damaged } from './palm-database.ts';

export type Compression = 'none' | 'palmdoc';

/** What the first record says about the others. */
export interface MobiHeader {
  compression: Compression;
  /** Records of text, from record 1 on. */
  textRecords: number;
  /** Bytes of the text, unpacked; not to be relied on. */
  textLength: number;
  /** As the Encoding Standard names it. */
  encoding: string;
  /** Which entries trail each record of text, see `withoutTrailingEntries`. */
  trailingFlags: number;
  /** Number of the record with the first picture, or null. */
  firstImage: number | null;
  /** Microsoft's identifier of the language; 0 when there is none. */
  locale: number;
  /** The title, in `encoding`. */
  fullName: Buffer;
  /** Metadata by type, in `encoding` where it is text. */
  exth: ReadonlyMap<number, readonly Buffer[]>;
}

const HEADER_AT = 16;
const NONE = 0xffffffff;
/** Set in the flags when an EXTH block follows. */
const HAS_EXTH = 0x40;
/** From this version on the text is KF8: another container for the parts of an EPUB. */
const KF8 = 8;

const UTF_8 = 65001;

/**
 * Reads record 0 of a MOBI: PalmDOC header, MOBI header, EXTH. Layout as the MobileRead wiki has it.
 * Throws DocumentError `document.protected`, `document.unsupported_format` or
 * `document.damaged_archive`.
 */
export function readHeader(records: readonly Buffer[], fileSize: number): MobiHeader {
  const record = records[0];
  if (!record || record.length < HEADER_AT + 24 || record.toString('latin1', 16, 20) !== 'MOBI') {
    throw damaged('its first record is no MOBI header', fileSize);
  }
  refuseUnreadable(record);
  const headerEnd = Math.min(record.length, HEADER_AT + record.readUInt32BE(20));
  const number = (at: number): number | null => {
    const value = at + 4 <= headerEnd ? record.readUInt32BE(at) : NONE;
    return value === NONE ? null : value;
  };
  const textRecords = record.readUInt16BE(8);
  if (textRecords === 0 || textRecords >= records.length) {
    throw damaged(`it has ${records.length} records, but ${textRecords} of text`, fileSize);
  }
  const nameAt = number(84) ?? 0;
  const hasExth = ((number(128) ?? 0) & HAS_EXTH) !== 0;
  return {
    compression: record.readUInt16BE(0) === 1 ? 'none' : 'palmdoc',
    textRecords,
    textLength: record.readUInt32BE(4),
    encoding: encodingOf(record.readUInt32BE(28)),
    trailingFlags: (number(240) ?? 0) & 0xffff,
    firstImage: number(108),
    locale: number(92) ?? 0,
    fullName: record.subarray(nameAt, nameAt + (number(88) ?? 0)),
    exth: hasExth ? readExth(record.subarray(headerEnd)) : new Map(),
  };
}

function refuseUnreadable(record: Buffer): void {
  const encryption = record.readUInt16BE(12);
  if (encryption !== 0) {
    throw new DocumentError(
      'document.protected',
      `The book is protected against copying (MOBI encryption ${encryption}), so its text cannot be read. ` +
        'Send a copy without protection, for instance from the publisher or a library without DRM.',
      { sign: `MOBI encryption ${encryption}` },
    );
  }
  const version = record.readUInt32BE(36);
  if (version >= KF8) throw unsupported(`Kindle Format 8 (AZW3, MOBI version ${version})`);
  const compression = record.readUInt16BE(0);
  if (compression !== 1 && compression !== 2) {
    throw unsupported(`MOBI with compression ${compression} (HUFF/CDIC is 17480)`);
  }
}

function unsupported(detected: string): DocumentError {
  return new DocumentError(
    'document.unsupported_format',
    `The file is ${detected}; of MOBI only version 6 with PalmDOC compression is read. ` +
      'Convert it to EPUB, for instance with calibre, and send the result.',
    { detected },
  );
}

/** A code page of Windows or UTF-8; an unknown one is left to detection, as it would be in a text. */
function encodingOf(codePage: number): string {
  if (codePage === UTF_8) return 'utf-8';
  const label = `windows-${codePage}`;
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return 'windows-1252'; // no code page that Node knows
  }
}

const EXTH_HEADER_BYTES = 12;
const EXTH_ENTRY_BYTES = 8;

/** The extended header: type, length and value of each entry. A damaged one ends where it goes wrong. */
function readExth(block: Buffer): Map<number, Buffer[]> {
  const values = new Map<number, Buffer[]>();
  if (block.length < EXTH_HEADER_BYTES || block.toString('latin1', 0, 4) !== 'EXTH') return values;
  let left = block.readUInt32BE(8);
  for (let at = EXTH_HEADER_BYTES; left > 0 && at + EXTH_ENTRY_BYTES <= block.length; left -= 1) {
    const type = block.readUInt32BE(at);
    const length = block.readUInt32BE(at + 4);
    if (length < EXTH_ENTRY_BYTES || at + length > block.length) break;
    const same = values.get(type) ?? [];
    values.set(type, same);
    same.push(block.subarray(at + EXTH_ENTRY_BYTES, at + length));
    at += length;
  }
  return values;
}
