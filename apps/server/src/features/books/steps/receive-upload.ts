import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FastifyRequest } from 'fastify';
import { bookError } from '../books.errors.ts';

export interface UploadOptions {
  readonly dataDir: string;
  readonly uploadMaxBytes: number;
}

/** A file that has arrived whole, under a temporary name: it is not kept before it has been read. */
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
 * temporary file is gone afterwards. `admit` is told how large the request says it is, before anything is read.
 *
 * @throws AppError `book.no_file`, `book.too_large`
 */
export async function withUpload<T>(
  request: FastifyRequest,
  options: UploadOptions & { readonly admit: (bytes: number) => Promise<void> },
  use: (upload: Upload) => Promise<T>,
): Promise<T> {
  // Most clients say how much they will send, and need not send it all to hear that it is too much.
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > options.uploadMaxBytes + FORM_BYTES) throw tooLarge(options);
  await options.admit(announced);
  const temporary = path.join(options.dataDir, 'tmp');
  await mkdir(temporary, { recursive: true });
  const file = path.join(temporary, randomUUID());
  try {
    const upload = await receive(request, options, file);
    request.named?.meet([upload.fileName, upload.sha256]);
    return await use(upload);
  } finally {
    await rm(file, { force: true });
  }
}

async function receive(
  request: FastifyRequest,
  options: UploadOptions,
  file: string,
): Promise<Upload> {
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
    createWriteStream(file, { flags: 'wx' }),
  );
  // The plugin ends the stream at the limit as if the file ended there.
  if (part.file.truncated) throw tooLarge(options);
  return { path: file, fileName: part.filename, sha256: hash.digest('hex'), bytes };
}

function tooLarge({ uploadMaxBytes }: UploadOptions) {
  return bookError('book.too_large', {
    detail: `The file is larger than ${megabytes(uploadMaxBytes)}, the most that is accepted here. Hand in a smaller one (books with large pictures can be made smaller with calibre), or ask the operator to raise UPLOAD_MAX_MB.`,
  });
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 1_000_000)} MB`;
}
