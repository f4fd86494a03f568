import { ApiError, routes, type Novel } from '@scriptorium/contract';
import { sendForm } from '../../../api/send-form.ts';

/** One PDF on its way. A new object whenever something has changed. */
export interface Upload {
  readonly id: number;
  readonly file: File;
  readonly state: UploadState;
}

export type UploadState =
  | { readonly kind: 'waiting' }
  /** Bytes sent so far; all of them and still `sending` means that the server reads the pages. */
  | { readonly kind: 'sending'; readonly sent: number }
  | { readonly kind: 'stored'; readonly novel: Novel }
  /** The same file was there already; nothing was done twice. */
  | { readonly kind: 'known'; readonly novel: Novel }
  /** It opens with a password only. */
  | { readonly kind: 'locked'; readonly wasWrong: boolean }
  | { readonly kind: 'failed'; readonly error: Error }
  | { readonly kind: 'cancelled' };

/** More would share one line and finish none the sooner. */
const AT_ONCE = 2;

/** The PDFs that were handed in since the page was opened. It outlives the screen, so that one may look elsewhere meanwhile. */
export class NovelUploads {
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

  readonly add = (files: readonly File[]): void => {
    const added = files.map((file): Upload => {
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

  /** Sends a file once more, with a password where it needs one; the password is not kept. */
  retry(id: number, password?: string): void {
    const upload = this.#uploads.find((each) => each.id === id);
    if (upload !== undefined) void this.#run(upload, password);
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

  async #run({ id, file }: Upload, password?: string): Promise<void> {
    const controller = new AbortController();
    this.#running.set(id, controller);
    this.#set(id, { kind: 'sending', sent: 0 });
    const onProgress = (sent: number) =>
      this.#set(id, { kind: 'sending', sent: Math.min(sent, file.size) });
    try {
      const form = { file, password };
      const { signal } = controller;
      const { body } = await sendForm(routes.novels.upload, form, { signal, onProgress });
      this.#set(id, { kind: body.is_duplicate ? 'known' : 'stored', novel: body.novel });
      this.#onStored();
    } catch (error) {
      if (!controller.signal.aborted) this.#set(id, afterError(error));
    } finally {
      this.#running.delete(id);
      this.#startNext();
    }
  }

  #set(id: number, state: UploadState): void {
    this.#change(this.#uploads.map((upload) => (upload.id === id ? { ...upload, state } : upload)));
  }

  #change(next: readonly Upload[]): void {
    this.#uploads = next;
    for (const tell of this.#listeners) tell();
  }
}

function afterError(error: unknown): UploadState {
  const code = error instanceof ApiError ? error.code : undefined;
  if (code === 'document.password_required') return { kind: 'locked', wasWrong: false };
  if (code === 'document.wrong_password') return { kind: 'locked', wasWrong: true };
  return { kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) };
}
