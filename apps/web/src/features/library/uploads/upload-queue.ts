import { routes, type Book } from '@scriptorium/contract';
import { api } from '../../../api/client.ts';
import { hashFile } from './file-hash.ts';
import { sendFile } from './send-file.ts';

/** One file on its way. A new object whenever something has changed. */
export interface Upload {
  readonly id: number;
  readonly file: File;
  readonly state: UploadState;
}

export type UploadState =
  | { readonly kind: 'waiting' }
  /** Bytes sent so far; all of them and still `sending` means that the server reads the book. */
  | { readonly kind: 'sending'; readonly sent: number }
  | { readonly kind: 'stored'; readonly book: Pick<Book, 'id' | 'title'> }
  /** The same file was there already; nothing was done twice. */
  | { readonly kind: 'known'; readonly book: Pick<Book, 'id' | 'title'> }
  | { readonly kind: 'failed'; readonly error: Error }
  | { readonly kind: 'cancelled' };

/** More would share one line and finish none the sooner. */
const AT_ONCE = 2;

/** The files that were handed in since the page was opened. It outlives the screen, so that one may look elsewhere meanwhile. */
export class UploadQueue {
  readonly #onStored: () => void;
  readonly #listeners = new Set<() => void>();
  readonly #running = new Map<number, AbortController>();
  #uploads: readonly Upload[] = [];
  #nextId = 1;

  constructor(onStored: () => void) {
    this.#onStored = onStored;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly uploads = (): readonly Upload[] => this.#uploads;

  add(files: readonly File[]): void {
    const added = files.map((file): Upload => {
      const id = this.#nextId;
      this.#nextId += 1;
      return { id, file, state: { kind: 'waiting' } };
    });
    this.#change([...this.#uploads, ...added]);
    this.#startNext();
  }

  cancel(id: number): void {
    this.#running.get(id)?.abort();
    this.#set(id, { kind: 'cancelled' });
  }

  retry(id: number): void {
    this.#set(id, { kind: 'waiting' });
    this.#startNext();
  }

  /** Takes one that has ended off the list. */
  dismiss(id: number): void {
    this.#change(this.#uploads.filter((upload) => upload.id !== id));
  }

  #startNext(): void {
    for (const upload of this.#uploads) {
      if (this.#running.size >= AT_ONCE) return;
      if (upload.state.kind === 'waiting') void this.#run(upload);
    }
  }

  async #run({ id, file }: Upload): Promise<void> {
    const controller = new AbortController();
    this.#running.set(id, controller);
    this.#set(id, { kind: 'sending', sent: 0 });
    try {
      this.#set(id, await this.#handIn(id, file, controller.signal));
      this.#onStored();
    } catch (error) {
      if (!controller.signal.aborted) {
        const known = error instanceof Error ? error : new Error(String(error));
        this.#set(id, { kind: 'failed', error: known });
      }
    } finally {
      this.#running.delete(id);
      this.#startNext();
    }
  }

  /** Asks whether the file is there before it is sent. */
  async #handIn(id: number, file: File, signal: AbortSignal): Promise<UploadState> {
    const sha256 = await hashFile(file);
    if (sha256 !== undefined) {
      const { books } = await api.call(routes.books.list, { query: { sha256, limit: 1 }, signal });
      const [book] = books;
      if (book !== undefined) return { kind: 'known', book };
    }
    const onProgress = (sent: number) =>
      this.#set(id, { kind: 'sending', sent: Math.min(sent, file.size) });
    const { book, isNew } = await sendFile(file, { signal, onProgress });
    return { kind: isNew ? 'stored' : 'known', book };
  }

  #set(id: number, state: UploadState): void {
    this.#change(this.#uploads.map((upload) => (upload.id === id ? { ...upload, state } : upload)));
  }

  #change(next: readonly Upload[]): void {
    this.#uploads = next;
    for (const tell of this.#listeners) tell();
  }
}
