import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { KernelError } from '../errors.ts';
import type { Claim } from '../store/claim-works.ts';
import type { NewArtifact } from './artifact-rows.ts';
import { newBlobName } from './blob-store.ts';
import type { KernelFiles } from './kernel-files.ts';
import { openArtifact, type OpenArtifact, type OpenOptions } from './open-artifact.ts';
import { attemptFolder, type Content, type StagedFile } from './work-folders.ts';

/** What a running work says of a file it makes. */
export interface FileToPut {
  /** For people: `chapter-3.mp3`. Never part of a path. */
  readonly name: string;
  readonly mediaType: string;
  /** Absent: as long as the work's result. */
  readonly keepSeconds?: number;
}

/** The files of one attempt. They count once its outcome `done` is recorded; those of every other attempt are removed. */
export interface WorkArtifacts {
  /**
   * Keeps a file; `id` is what a result may refer to.
   *
   * @throws DiskFullError the work is tried again once there is room
   */
  put(file: FileToPut, content: Content): Promise<{ id: string; size: number; sha256: string }>;
  /**
   * A file of this owner, or one that a part of this job has put.
   *
   * @throws ArtifactNotFoundError
   */
  open(id: string): Promise<OpenArtifact>;
  /** A folder of this attempt's own for tools that need one. Removed when the attempt ends, however it ends. */
  folder(): Promise<string>;
}

/** A file that an attempt has put, as it crosses from a child process. */
export const putFileSchema = z.object({
  id: z.string(),
  name: z.string(),
  mediaType: z.string(),
  keepSeconds: z.number().exactOptional(),
  file: z.string(),
  size: z.number(),
  sha256: z.string(),
});

export type PutFile = Readonly<z.infer<typeof putFileSchema>>;

export interface WorkArtifactsOptions extends Omit<OpenOptions, 'store'> {
  readonly files: KernelFiles | undefined;
  readonly claim: Claim;
  readonly signal: AbortSignal;
  readonly onPut: (file: PutFile) => void;
}

/** A process that was given no place for files, and a work that needs one. */
function noStore(): never {
  throw new KernelError(
    'artifact.no_store',
    'This process has no place for files. Give `files` to createKernel and serveAlone.',
  );
}

export function createWorkArtifacts(options: WorkArtifactsOptions): WorkArtifacts {
  const { files, claim, signal, onPut } = options;
  const folder = attemptFolder(claim);
  return {
    put: async ({ name, mediaType, keepSeconds }, content) => {
      const { folders } = files ?? noStore();
      const staged = await folders.write(folder, content, () => signal.throwIfAborted());
      const id = randomUUID();
      onPut({
        id,
        name,
        mediaType,
        ...staged,
        ...(keepSeconds === undefined ? {} : { keepSeconds }),
      });
      return { id, size: staged.size, sha256: staged.sha256 };
    },
    open: (id) => {
      const { store } = files ?? noStore();
      return openArtifact({ ...options, store }, id, {
        ownerId: claim.ownerId,
        jobId: claim.jobId,
      });
    },
    folder: () => (files ?? noStore()).folders.scratch(folder),
  };
}

/** Results above this many bytes of JSON are kept in the store; a row that size would be read with every look at its table. */
const LARGEST_RESULT_IN_ROW = 256 * 1024;

/**
 * Moves what a finished attempt has put into the store, and its result as well if that is too large for a row. None of it counts
 * before the record writes the rows; if that is refused the sweeper removes the files.
 */
export async function adoptFiles(
  files: KernelFiles,
  claim: Claim,
  put: readonly PutFile[],
  result: unknown,
): Promise<NewArtifact[]> {
  const adopted: NewArtifact[] = [];
  for (const { file, ...facts } of put) {
    adopted.push({ ...facts, blob: await adopt(files, attemptFolder(claim), { ...facts, file }) });
  }
  const large = claim.kind === 'chunk' ? largeResult(result) : undefined;
  if (large !== undefined) {
    const staged = await files.folders.write(attemptFolder(claim), large);
    adopted.push({
      id: randomUUID(),
      name: 'result.json',
      mediaType: 'application/json',
      size: staged.size,
      sha256: staged.sha256,
      blob: await adopt(files, attemptFolder(claim), staged),
      isResult: true,
    });
  }
  return adopted;
}

/** Only parts have results that are read again: a plan's is its chunks, a merge's is the job's output. */
function largeResult(result: unknown): Buffer | undefined {
  const text = JSON.stringify(result) ?? '';
  // No text has more bytes than three times its length: small ones, nearly all, are not encoded for being measured.
  if (text.length * 3 <= LARGEST_RESULT_IN_ROW) return undefined;
  const bytes = Buffer.from(text);
  return bytes.byteLength > LARGEST_RESULT_IN_ROW ? bytes : undefined;
}

/** Moves a staged file into the store; returns its name there. */
export async function adopt(
  { folders, store }: KernelFiles,
  folder: string,
  staged: StagedFile,
): Promise<string> {
  const blob = newBlobName(staged.sha256);
  await store.adopt(folders.pathOf(folder, staged), blob);
  return blob;
}
