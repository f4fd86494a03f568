import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FastifyRequest } from 'fastify';
import { platformError } from '../../../platform/errors.ts';
import { bookError } from '../books.errors.ts';

export interface FileStore {
  readonly dataDir: string;
  readonly uploadMaxBytes: number;
  /** With less room on the disk, nothing is accepted. */
  readonly minFreeDiskBytes: number;
}

/** A file that has arrived whole, under a temporary name. */
export interface Upload {
  readonly path: string;
  readonly fileName: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** What the fields around the file may add to the length of a request. */
const FORM_BYTES = 100_000;

/**
 * Streams the file of a multipart request to the disk, hashing it on the way, and calls `use` with it. Whatever happens, the
 * temporary file is gone afterwards, unless `use` has moved it.
 *
 * @throws AppError `book.no_file`, `book.too_large`, `server.disk_full`
 */
export async function withUpload<T>(
  request: FastifyRequest,
  store: FileStore,
  use: (upload: Upload) => Promise<T>,
): Promise<T> {
  // Most clients say how much they will send, and need not send it all to hear that it is too much.
  if (Number(request.headers['content-length']) > store.uploadMaxBytes + FORM_BYTES) {
    throw tooLarge(store);
  }
  const temporary = path.join(store.dataDir, 'tmp');
  await mkdir(temporary, { recursive: true });
  await assertRoom(store);
  const file = path.join(temporary, randomUUID());
  try {
    return await use(await receive(request, store, file));
  } finally {
    await rm(file, { force: true });
  }
}

async function receive(request: FastifyRequest, store: FileStore, file: string): Promise<Upload> {
  const part = await request.file();
  if (part === undefined) {
    throw bookError('book.no_file', {
      detail: 'The form has no file. Send the book in the field "file" of multipart/form-data.',
    });
  }
  const hash = createHash('sha256');
  let bytes = 0;
  await pipeline(
    part.file,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    },
    // `flush`: what is accepted must still be there after a power cut.
    createWriteStream(file, { flags: 'wx', flush: true }),
  );
  // The plugin ends the stream at the limit as if the file ended there.
  if (part.file.truncated) throw tooLarge(store);
  return { path: file, fileName: part.filename, sha256: hash.digest('hex'), bytes };
}

/**
 * Keeps the original: moved to its final name in one step, before the transaction that refers to it. A file that ends up without a
 * row harms nobody; a row without its file would.
 *
 * @returns the key of the file, which is never given again: a deletion can remove it without looking who else came meanwhile
 */
export async function keepOriginal(store: FileStore, upload: Upload): Promise<string> {
  const fileKey = randomUUID();
  const kept = originalPath(store, fileKey);
  await mkdir(path.dirname(kept), { recursive: true });
  await rename(upload.path, kept);
  return fileKey;
}

/** One that is gone already is no mistake: it may be removed twice. */
export async function removeOriginal(store: FileStore, fileKey: string): Promise<void> {
  await rm(originalPath(store, fileKey), { force: true });
}

function originalPath({ dataDir }: FileStore, fileKey: string): string {
  return path.join(dataDir, 'files', fileKey.slice(0, 2), fileKey);
}

async function assertRoom({ dataDir, minFreeDiskBytes }: FileStore): Promise<void> {
  const { bavail, bsize } = await statfs(dataDir);
  const free = bavail * bsize;
  if (free >= minFreeDiskBytes) return;
  throw platformError('server.disk_full', {
    detail: `The server has ${megabytes(free)} of free disk space left and keeps ${megabytes(minFreeDiskBytes)}. Nothing was stored; its operator has to make room.`,
  });
}

function tooLarge({ uploadMaxBytes }: FileStore) {
  return bookError('book.too_large', {
    detail: `The file is larger than ${megabytes(uploadMaxBytes)}, the most that is accepted here. Hand in a smaller one (books with large pictures can be made smaller with calibre), or ask the operator to raise UPLOAD_MAX_MB.`,
  });
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 1_000_000)} MB`;
}
