import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { KernelError } from '../errors.ts';

/** What a store knows of a file. `size` in bytes. */
export interface BlobFacts {
  readonly name: string;
  readonly size: number;
  /** When it came into the store. */
  readonly modifiedAt: Date;
}

/** The first and the last byte that are wanted, counted from 0, as in HTTP. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Where files are kept. A name is made by {@link newBlobName} and stands for one content for ever: it is adopted once, read
 * often and removed once. Every driver passes `blob-store.testsuite.ts`.
 *
 * A store knows nothing of owners and rows; a file without a row is removed by the sweeper.
 */
export interface BlobStore {
  /**
   * Takes over a finished file of this machine under a name of its own. Once this resolves the content survives a power cut
   * and the file is gone from where it was.
   *
   * @throws DiskFullError with nothing kept in the store
   */
  adopt(file: string, name: string): Promise<void>;
  /** @throws BlobNotFoundError */
  read(name: string, range?: ByteRange): Promise<Readable>;
  stat(name: string): Promise<BlobFacts | undefined>;
  /** Removing what is not there is no error: whoever was interrupted does it again. */
  remove(name: string): Promise<void>;
  list(): AsyncIterable<BlobFacts>;
}

const BLOB_NAME = /^[0-9a-f]{64}-[0-9a-f]{16}$/u;

/**
 * A name nobody has used: the content's SHA-256, so that a file can be checked without its row, and 64 random bits, so that equal
 * contents of two owners are two files. (Rejected: sharing them. A file would have to be counted, and the last one to leave
 * would race with the next one to come.)
 */
export function newBlobName(sha256: string): string {
  return `${sha256}-${randomBytes(8).toString('hex')}`;
}

/** What drivers ask before a name becomes part of a path. */
export function isBlobName(name: string): boolean {
  return BLOB_NAME.test(name);
}

/** The store has no such file. */
export class BlobNotFoundError extends KernelError {
  constructor(name: string, options?: ErrorOptions) {
    super(
      'artifact.lost',
      `The file ${name} is not in the store any more. Make it anew, or restore the store's backup.`,
      { name },
      options,
    );
  }
}

/** A name that {@link newBlobName} did not make. A bug in the caller; nothing was touched. */
export class BadBlobNameError extends KernelError {
  constructor(name: string) {
    super('artifact.bad_name', `"${name}" is not the name of a stored file.`, { name });
  }
}
