import { openAsBlob } from 'node:fs';
import path from 'node:path';
import { createClient, routes, type Book, type Job } from '@scriptorium/contract';
import type { Connection } from '../session/connect.ts';
import { assertFile } from '../terminal/assert-file.ts';

/** A book that the server has. */
export interface HandedIn {
  readonly book: Book;
  /** The job that prepares it, or did so last; null if it has nothing to prepare. */
  readonly job: Job | null;
  /** False if the server had this very file before: nothing was done twice. */
  readonly isNew: boolean;
  readonly seconds: number;
}

/** Hands in a file; it is streamed from the disk. */
export async function handIn(
  { address, getToken }: Pick<Connection, 'address' | 'getToken'>,
  file: string,
  signal: AbortSignal,
): Promise<HandedIn> {
  await assertFile(file);
  let status = 0;
  // Whether the book is new is told by the status of the answer alone, which `call` does not return.
  const client = createClient({
    baseUrl: address,
    getToken,
    fetch: async (...request) => {
      const response = await fetch(...request);
      status = response.status;
      return response;
    },
  });
  const begun = performance.now();
  const form = { file: new File([await openAsBlob(file)], path.basename(file)) };
  const { book, job } = await client.call(routes.books.upload, { form, signal });
  return { book, job, isNew: status === 201, seconds: (performance.now() - begun) / 1000 };
}
