import type { Tx } from '../db/transaction.ts';
import type { Resources } from '../resources.ts';
import { admitBytes, type Admission } from '../store/admission.ts';
import { ArtifactNotFoundError, openArtifact, type OpenArtifact } from './open-artifact.ts';
import {
  keepFile,
  receiveFile,
  type Keeping,
  type ReceivedFile,
  type Upload,
} from './receive-file.ts';
import type { Sweeper } from './sweeper.ts';
import type { Swept } from './sweep.ts';
import type { Content } from './work-folders.ts';

/** What the kernel does with files, beside those that works put. */
export interface KernelArtifacts {
  /**
   * A file of this owner, safe from the sweeper while it is read. An operator's call carries `null` and sees every file.
   *
   * @throws ArtifactNotFoundError
   */
  openArtifact(id: string, ownerId: number | null): Promise<OpenArtifact>;
  /**
   * Refuses bytes for which there is no room, before anything is read.
   *
   * @throws DiskFullError and `admission.quota_exceeded`
   */
  admitBytes(bytes: number, ownerId: number): Promise<void>;
  /**
   * Stores what is handed in. It counts once `keep` is committed; before that, nobody can open it.
   *
   * @throws DiskFullError and `admission.quota_exceeded`, with nothing stored
   */
  receive(upload: Upload, content: Content): Promise<ReceivedFile>;
  keep(tx: Tx, file: ReceivedFile, keeping: Keeping): Promise<void>;
  /** Removes what is due and what nothing refers to, at once. It happens by itself every minute and every hour. */
  sweep(): Promise<Swept>;
}

export function createKernelArtifacts(resources: Resources, sweeper: Sweeper): KernelArtifacts {
  const { pool, files, clock, log } = resources;
  const admission: Admission = { ...resources, db: pool };
  return {
    openArtifact: async (id, ownerId) => {
      if (files === undefined) throw new ArtifactNotFoundError(id);
      return await openArtifact({ db: pool, store: files.store, clock, log }, id, { ownerId });
    },
    admitBytes: async (bytes, ownerId) => void (await admitBytes(admission, bytes, ownerId)),
    receive: (upload, content) => receiveFile(admission, upload, content),
    keep: (tx, file, keeping) => keepFile(tx, file, keeping),
    sweep: () => sweeper.sweep(),
  };
}
