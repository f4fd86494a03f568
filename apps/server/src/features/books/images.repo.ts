import type { Queryable, Tx } from '@scriptorium/kernel';
import { query, queryOne } from '../../platform/database.ts';
import type { ParsedImage } from '../../platform/parsing/book-parser.ts';
import { bookError } from './books.errors.ts';

/** Statements of at most so many bytes: a driver keeps several copies of each. */
const BATCH_BYTES = 8_000_000;
const BATCH_IMAGES = 100;

export async function insertImages(
  tx: Tx,
  bookId: number,
  images: readonly ParsedImage[],
): Promise<void> {
  for (const batch of batchesOf(images)) {
    const rows = batch.map(
      (_, i) => `($1::bigint, $${4 * i + 2}, $${4 * i + 3}, $${4 * i + 4}, $${4 * i + 5}::bytea)`,
    );
    await query(
      tx,
      `INSERT INTO book_images (book_id, image, media_type, sha256, bytes) VALUES ${rows.join(', ')}`,
      [
        bookId,
        ...batch.flatMap((each) => [
          each.image,
          each.mediaType,
          each.sha256,
          Buffer.from(each.bytes.buffer, each.bytes.byteOffset, each.bytes.byteLength),
        ]),
      ],
    );
  }
}

function* batchesOf(images: readonly ParsedImage[]): Generator<ParsedImage[]> {
  let batch: ParsedImage[] = [];
  let bytes = 0;
  for (const image of images) {
    if (
      batch.length === BATCH_IMAGES ||
      (batch.length > 0 && bytes + image.bytes.byteLength > BATCH_BYTES)
    ) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(image);
    bytes += image.bytes.byteLength;
  }
  if (batch.length > 0) yield batch;
}

/** The names of a book's pictures. */
export async function listImages(db: Queryable, bookId: number): Promise<Set<string>> {
  const rows = await query<{ image: string }>(
    db,
    'SELECT image FROM book_images WHERE book_id = $1',
    [bookId],
  );
  return new Set(rows.map((row) => row.image));
}

export interface ImageFile {
  readonly media_type: string;
  readonly sha256: string;
  readonly bytes: Buffer;
}

/**
 * A picture of one of the owner's books; without a name, the one on its cover.
 *
 * @throws AppError `book.image_not_found`, also for another user's book
 */
export async function readImage(
  db: Queryable,
  {
    bookId,
    ownerId,
    image,
  }: { readonly bookId: number; readonly ownerId: number; readonly image?: string },
): Promise<ImageFile> {
  const row = await queryOne<ImageFile>(
    db,
    `SELECT i.media_type, i.sha256, i.bytes
       FROM book_images i
       JOIN books b ON b.id = i.book_id
      WHERE b.id = $1
        AND b.owner_id = $2
        AND i.image = COALESCE($3, b.cover ->> 'image')`,
    [bookId, ownerId, image ?? null],
  );
  if (row !== undefined) return row;
  throw bookError('book.image_not_found', {
    detail:
      image === undefined
        ? `There is no book ${bookId} with a cover among your books.`
        : `There is no picture ${image} in a book ${bookId} of yours.`,
  });
}
