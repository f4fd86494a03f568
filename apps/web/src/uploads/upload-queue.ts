import { ApiError } from '@scriptorium/contract';

/** One file on its way. A new object whenever something has changed. */
export interface Upload<Item> {
  readonly id: number;
  readonly file: File;
  readonly state: UploadState<Item>;
}

/** A file that the server has. `known`: the same one was there already; nothing was done twice. */
export interface Arrival<Item> {
  readonly kind: 'stored' | 'known';
  readonly item: Item;
}

export type UploadState<Item> =
  | { readonly kind: 'waiting' }
  /** Bytes sent so far; all of them and still `sending` means that the server reads the file. */
  | { readonly kind: 'sending'; readonly sent: number }
  | Arrival<Item>
  /** It opens with a password only. */
  | { readonly kind: 'locked'; readonly wasWrong: boolean }
  | { readonly kind: 'failed'; readonly error: Error }
  | { readonly kind: 'cancelled' };

export interface HandInOptions {
  readonly password: string | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (sent: number) => void;
}

export interface UploadQueueOptions<Item> {
  /** Gives a file to the server. */
  readonly handIn: (file: File, options: HandInOptions) => Promise<Arrival<Item>>;
  readonly onStored: () => void;
}

/** More would share one line and finish none the sooner. */
const AT_ONCE = 2;

/** The files that were handed in since the page was opened. It outlives the screen, so that one may look elsewhere meanwhile. */
export class UploadQueue<Item> {
  readonly #options: UploadQueueOptions<Item>;
  readonly #listeners = new Set<() => void>();
  readonly #running = new Map<number, AbortController>();
  /** Of files that wait; each is used once and not kept. */
  readonly #passwords = new Map<number, string>();
  #uploads: readonly Upload<Item>[] = [];
  #nextId = 1;

  constructor(options: UploadQueueOptions<Item>) {
    this.#options = options;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly uploads = (): readonly Upload<Item>[] => this.#uploads;

  readonly add = (files: readonly File[]): void => {
    const added = files.map((file): Upload<Item> => {
      const id = this.#nextId;
      this.#nextId += 1;
      return { id, file, state: { kind: 'waiting' } };
    });
    this.#change([...this.#uploads, ...added]);
    this.#startNext();
  };

  cancel(id: number): void {
    this.#running.get(id)?.abort();
    this.#set(id, { kind: 'cancelled' });
  }

  /** Sends a file once more, with a password where it needs one. */
  retry(id: number, password?: string): void {
    if (password !== undefined) this.#passwords.set(id, password);
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

  async #run({ id, file }: Upload<Item>): Promise<void> {
    const controller = new AbortController();
    const { signal } = controller;
    const password = this.#passwords.get(id);
    this.#passwords.delete(id);
    this.#running.set(id, controller);
    this.#set(id, { kind: 'sending', sent: 0 });
    const onProgress = (sent: number) =>
      this.#set(id, { kind: 'sending', sent: Math.min(sent, file.size) });
    try {
      this.#set(id, await this.#options.handIn(file, { password, signal, onProgress }));
      this.#options.onStored();
    } catch (error) {
      if (!signal.aborted) this.#set(id, afterError(error));
    } finally {
      this.#running.delete(id);
      this.#startNext();
    }
  }

  #set(id: number, state: UploadState<Item>): void {
    this.#change(this.#uploads.map((upload) => (upload.id === id ? { ...upload, state } : upload)));
  }

  #change(next: readonly Upload<Item>[]): void {
    this.#uploads = next;
    for (const tell of this.#listeners) tell();
  }
}

function afterError(
  error: unknown,
): Extract<UploadState<never>, { readonly kind: 'locked' | 'failed' }> {
  const code = error instanceof ApiError ? error.code : undefined;
  if (code === 'document.password_required') return { kind: 'locked', wasWrong: false };
  if (code === 'document.wrong_password') return { kind: 'locked', wasWrong: true };
  return { kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) };
}
