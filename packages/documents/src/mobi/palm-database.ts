import { DocumentError } from '../errors.ts';

const COUNT_AT = 76;
const TABLE_AT = 78;
const TABLE_ENTRY_BYTES = 8;

/**
 * The records of a Palm database, the container of MOBI: a table of offsets, then the records back to
 * back. The views share the memory of `bytes`.
 * Throws DocumentError `document.damaged_archive` when the table contradicts the size of the file.
 */
export function readRecords(bytes: Uint8Array): Buffer[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = file.length < TABLE_AT ? 0 : file.readUInt16BE(COUNT_AT);
  const tableEnd = TABLE_AT + count * TABLE_ENTRY_BYTES;
  if (count === 0 || tableEnd > file.length) {
    throw damaged(`its table of ${count} records is not complete`, file.length);
  }
  const starts = Array.from({ length: count }, (_, i) =>
    file.readUInt32BE(TABLE_AT + i * TABLE_ENTRY_BYTES),
  );
  return starts.map((start, i) => {
    const end = starts[i + 1] ?? file.length;
    if (start < tableEnd || start > end || end > file.length) {
      throw damaged(`record ${i} of ${count} should be at byte ${start}`, file.length);
    }
    return file.subarray(start, end);
  });
}

/** A MOBI that is cut off or altered. */
export function damaged(what: string, size: number): DocumentError {
  return new DocumentError(
    'document.damaged_archive',
    `The MOBI file of ${size} bytes is damaged or not complete: ${what}. ` +
      'Download or copy it once more and send it again.',
    { bytes: size },
  );
}
