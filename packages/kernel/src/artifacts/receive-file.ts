import { randomUUID } from 'node:crypto';
import type { Tx } from '../db/transaction.ts';
import { KernelError } from '../errors.ts';
import { admitBytes, quotaError, type Admission } from '../store/admission.ts';
import { insertArtifacts, type NewArtifact } from './artifact-rows.ts';
import { adopt } from './attempt-files.ts';
import { newUploadFolder, type Content } from './work-folders.ts';

/** What somebody hands in. */
export interface Upload {
  readonly ownerId: number;
  /** For people; never part of a path. */
  readonly name: string;
  readonly mediaType: string;
  /** In bytes, as announced; what really comes counts. */
  readonly size?: number;
}

/** A file in the store that no row knows yet. Without {@link keepFile} it is gone within two hours. */
export interface ReceivedFile extends NewArtifact {
  readonly ownerId: number;
}

/** What a received file lives as long as: a document, a job, or a time. */
export type Keeping =
  | { readonly subject: string }
  | { readonly jobId: number }
  | { readonly keepSeconds: number };

/**
 * Stores what is handed in, before and outside of the transaction that makes it count. Stops where the owner's quota ends, whatever was
 * announced.
 *
 * @throws DiskFullError and `admission.quota_exceeded`, with nothing stored
 */
export async function receiveFile(
  admission: Admission,
  { ownerId, name, mediaType, size = 0 }: Upload,
  content: Content,
): Promise<ReceivedFile> {
  const { files } = admission;
  if (files === undefined)
    throw new KernelError('artifact.no_store', 'There is no place for files.');
  const room = await admitBytes(admission, size, ownerId);
  const folder = newUploadFolder();
  try {
    const staged = await files.folders.write(folder, content, (bytes) => {
      if (bytes > room) throw quotaError(bytes, room, ownerId);
    });
    return {
      id: randomUUID(),
      ownerId,
      name: printable(name),
      mediaType,
      size: staged.size,
      sha256: staged.sha256,
      blob: await adopt(files, folder, staged),
    };
  } finally {
    await files.folders.remove(folder);
  }
}

const LONGEST_NAME = 255;

/** What PostgreSQL (NUL) and a header (line ends) would refuse goes; the rest is shown as it came. */
function printable(name: string): string {
  return name.replaceAll(/\p{Cc}/gu, '').slice(0, LONGEST_NAME);
}

/** Makes a received file count, in the transaction that writes what refers to it. */
export async function keepFile(tx: Tx, file: ReceivedFile, keeping: Keeping): Promise<void> {
  await insertArtifacts(tx, [{ ...file, ...keeping }]);
}
