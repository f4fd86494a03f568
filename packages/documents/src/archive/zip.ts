import type { Entry, ZipFile } from 'yauzl';
import yauzl from 'yauzl';
import { crc32, inflateRawSync } from 'node:zlib';
import { DocumentError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { RATIO_FREE_BYTES } from '../limits.ts';
import type { WarningSink } from '../warnings.ts';

const STORED = 0;
const DEFLATED = 8;

/** A zip archive in memory whose directory has been checked against the limits. */
export interface Archive {
  /** Names of the files (no folders), in directory order. */
  readonly names: readonly string[];
  /** The name under which the archive holds `path`: exact, percent-decoded or in other case. */
  find(path: string): string | null;
  /** Unpacked bytes of an entry, as the directory declares them. */
  size(name: string): number;
  /** Reads a whole entry. Throws DocumentError when it is damaged or larger than declared. */
  read(name: string): Promise<Buffer>;
}

/**
 * Opens a zip archive and reads its directory. Nothing is unpacked and no name becomes a path.
 * Throws DocumentError: damaged archive, unsafe path, bomb, too many or too large entries, encrypted.
 */
export async function openArchive(
  bytes: Uint8Array,
  limits: Limits,
  warn: WarningSink,
): Promise<Archive> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const zip = await openZip(file);
  if (zip.entryCount > limits.archiveEntries) throw tooManyEntries(zip.entryCount, limits);
  const entries = await readDirectory(zip, limits);

  const byLooseName = new Map<string, string>();
  for (const name of entries.keys()) byLooseName.set(looseName(name), name);
  const find = (path: string): string | null =>
    entries.has(path) ? path : (byLooseName.get(looseName(path)) ?? null);

  const entryOf = (name: string): Entry => {
    const entry = entries.get(name);
    // Callers ask for names they got from `names` or `find`, so this is a defect, not a bad file.
    if (!entry) throw new RangeError(`No archive entry named ${name}.`);
    return entry;
  };
  return {
    names: [...entries.keys()],
    find,
    size: (name) => entryOf(name).uncompressedSize,
    read: (name) => readEntry({ zip, file, limits, warn }, name, entryOf(name)),
  };
}

async function openZip(file: Buffer): Promise<ZipFile> {
  try {
    return await yauzl.fromBufferPromise(file, {
      lazyEntries: true,
      autoClose: false,
      validateEntrySizes: true,
      // Names are decoded and checked below: yauzl would report a bad one as an untyped error.
      decodeStrings: false,
    });
  } catch (cause) {
    throw damaged(cause);
  }
}

async function readDirectory(zip: ZipFile, limits: Limits): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  let total = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      const name = checkName(entry);
      if (name.endsWith('/')) continue;
      total += entry.uncompressedSize;
      checkSizes(name, entry, total, limits);
      entries.set(name, entry);
      if (entries.size > limits.archiveEntries) throw tooManyEntries(entries.size, limits);
    }
  } catch (cause) {
    throw cause instanceof DocumentError ? cause : damaged(cause);
  }
  return entries;
}

function checkName(entry: Entry): string {
  const name = yauzl.getFileNameLowLevel(
    entry.generalPurposeBitFlag,
    entry.fileNameRaw,
    entry.extraFields,
    false,
  );
  const complaint = yauzl.validateFileName(name);
  if (complaint === null) return name;
  throw new DocumentError(
    'document.unsafe_path',
    `The archive contains the name ${JSON.stringify(name.slice(0, 200))}, which points outside of it. ` +
      'No honest book does that; do not open it with other programs either.',
    { name: name.slice(0, 200) },
  );
}

function checkSizes(name: string, entry: Entry, total: number, limits: Limits): void {
  const { uncompressedSize: unpacked, compressedSize: packed } = entry;
  const ratio = unpacked / Math.max(1, packed);
  if (unpacked > RATIO_FREE_BYTES && ratio > limits.compressionRatio) {
    throw new DocumentError(
      'document.zip_bomb',
      `The entry ${name} unpacks to ${Math.round(ratio)} times its size (at most ` +
        `${limits.compressionRatio} is accepted). If the book is honest, pack it again without that file.`,
      { entry: name, ratio: Math.round(ratio), limit: limits.compressionRatio },
    );
  }
  if (unpacked > limits.entryBytes) throw entryTooLarge(name, unpacked, limits);
  if (total > limits.archiveBytes) {
    throw new DocumentError(
      'document.zip_bomb',
      `The archive unpacks to more than ${limits.archiveBytes} bytes. ` +
        'If the book is honest, remove pictures or sound from it.',
      { limit: limits.archiveBytes },
    );
  }
}

async function readEntry(
  { zip, file, limits, warn }: { zip: ZipFile; file: Buffer; limits: Limits; warn: WarningSink },
  name: string,
  entry: Entry,
): Promise<Buffer> {
  if (entry.isEncrypted()) {
    throw new DocumentError(
      'document.protected',
      `The archive is locked with a password (entry ${name}). Unpack it and send an unprotected copy.`,
      { entry: name },
    );
  }
  let bytes: Buffer;
  try {
    const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
    const packed = file.subarray(fileDataStart, fileDataStart + entry.compressedSize);
    bytes = unpack(packed, entry, limits);
  } catch (cause) {
    throw damaged(cause, name);
  }
  // yauzl does not check it. Readers show such books, so it is no reason to refuse one.
  if (crc32(bytes) !== entry.crc32) {
    warn('archive.checksum', `The entry ${name} does not match its checksum: it may be damaged.`, {
      entry: name,
    });
  }
  return bytes;
}

/**
 * Unpacks in one call and into one piece of memory instead of through yauzl's streams or a thread, whose pieces of 16 KiB have to be
 * joined: a fifth of the time for the many small files of a book. The limit holds while unpacking: zlib stops at the first byte
 * above the declared size.
 */
function unpack(packed: Buffer, entry: Entry, limits: Limits): Buffer {
  const declared = Math.min(entry.uncompressedSize, limits.entryBytes);
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
    throw new Error(`compression method ${entry.compressionMethod} is not supported`);
  }
  const bytes =
    entry.compressionMethod === STORED
      ? packed
      : inflateRawSync(packed, {
          maxOutputLength: Math.max(1, declared),
          // One byte more, or zlib asks for a second piece to see whether anything follows.
          chunkSize: Math.max(64, declared + 1),
        });
  if (bytes.length !== declared) {
    throw new Error(`it unpacks to ${bytes.length} bytes instead of the declared ${declared}`);
  }
  return bytes;
}

/** Names like most: nothing encoded, nothing to normalise and no `./`. */
const PLAIN_NAME = /^[\w/-]+(\.[\w/-]+)*$/;

/** Spelling under which careless references and archive names meet. */
function looseName(name: string): string {
  if (PLAIN_NAME.test(name)) return name.toLowerCase();
  let decoded = name;
  try {
    decoded = decodeURIComponent(name);
  } catch {
    decoded = name; // a bare "%" is part of the name
  }
  return decoded
    .normalize('NFC')
    .toLowerCase()
    .replace(/(^|\/)(\.\/)+/g, '$1');
}

function damaged(cause: unknown, entry?: string): DocumentError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DocumentError(
    'document.damaged_archive',
    `${entry === undefined ? 'The archive' : `The entry ${entry}`} cannot be read (${reason}). ` +
      'Download the file again; if bytes were added before or after the archive, remove them.',
    { reason, ...(entry === undefined ? {} : { entry }) },
    { cause },
  );
}

function tooManyEntries(count: number, limits: Limits): DocumentError {
  return new DocumentError(
    'document.too_many_entries',
    `The archive has ${count} entries, more than the ${limits.archiveEntries} that are accepted.`,
    { entries: count, limit: limits.archiveEntries },
  );
}

function entryTooLarge(name: string, size: number, limits: Limits): DocumentError {
  return new DocumentError(
    'document.entry_too_large',
    `The entry ${name} unpacks to ${size} bytes or more, above the limit of ${limits.entryBytes}. ` +
      'Remove it from the archive or make it smaller.',
    { entry: name, bytes: size, limit: limits.entryBytes },
  );
}
