import type { Readable } from 'node:stream';
import type { Clock } from 'pg-boss';
import type { Queryable } from '../db/queryable.ts';
import { KernelError } from '../errors.ts';
import type { KernelLog } from '../log.ts';
import { LEASE_SECONDS, leaseArtifact, renewLease, type ArtifactFacts } from './artifact-rows.ts';
import type { Reader } from './artifact-rows.ts';
import type { BlobStore, ByteRange } from './blob-store.ts';

/** No file with this id belongs to the reader, or its time is over. Says nothing about other owners' files. */
export class ArtifactNotFoundError extends KernelError {
  constructor(id: string) {
    super('artifact.not_found', `There is no file ${id} among your files, or it has expired.`, {
      id,
    });
  }
}

/** A file that is safe from the sweeper for a minute, and as long as a stream of it is open. */
export interface OpenArtifact extends ArtifactFacts {
  /** @throws BlobNotFoundError if the store has lost it */
  read(range?: ByteRange): Promise<Readable>;
}

export interface OpenOptions {
  readonly db: Queryable;
  readonly store: BlobStore;
  readonly clock: Clock;
  readonly log: KernelLog;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;

/**
 * Opens a file for one of its readers. The lease is a moment in the row, not a lock: it is never given back, it runs out, so a
 * process that dies while it reads holds nothing for longer than a minute.
 *
 * @throws ArtifactNotFoundError
 */
export async function openArtifact(
  options: OpenOptions,
  id: string,
  reader: Reader,
): Promise<OpenArtifact> {
  const leased = UUID.test(id) ? await leaseArtifact(options.db, id, reader) : undefined;
  if (leased === undefined) throw new ArtifactNotFoundError(id);
  const { blob, ...facts } = leased;
  const opened = options.clock.now();
  return {
    ...facts,
    read: async (range) => {
      if (options.clock.now() - opened > RENEW_MS) await renewLease(options.db, id);
      return holdLease(options, id, await options.store.read(blob, range));
    },
  };
}

const RENEW_MS = (LEASE_SECONDS * 1000) / 3;

function holdLease({ db, clock, log }: OpenOptions, id: string, stream: Readable): Readable {
  const timer = clock.setInterval(() => {
    renewLease(db, id).catch((error: unknown) =>
      log.warn({ err: error, artifact: id }, 'A lease was not renewed; it is tried again'),
    );
  }, RENEW_MS);
  stream.once('close', () => clock.clearInterval(timer));
  return stream;
}
