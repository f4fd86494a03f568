/** What a chapter shows, as far as it never changes: all of it is made from columns that are written once. */
export interface RenderedChapter {
  readonly html: string;
  readonly text: string;
  readonly notes: readonly { id: string; label: string; offset: number; html: string }[];
}

export interface ChapterCacheOptions {
  /** Default: 64 MB. */
  readonly maxBytes?: number;
  /** Default: one hour. */
  readonly maxAgeMs?: number;
  /** Milliseconds. Default: the time since the process began. */
  readonly now?: () => number;
}

interface Entry {
  readonly chapter: RenderedChapter;
  readonly bytes: number;
  readonly expiresAt: number;
}

/**
 * Rendered chapters of this process, the least recently read of which makes room. Its keys contain the version that the caller has
 * just read from the database, so it cannot answer with what another process has changed; who may read is asked before, too.
 */
export class ChapterCache {
  readonly #entries = new Map<string, Entry>();
  readonly #maxBytes: number;
  readonly #maxAgeMs: number;
  readonly #now: () => number;
  #bytes = 0;

  constructor({
    maxBytes = 64_000_000,
    maxAgeMs = 3_600_000,
    now = () => performance.now(),
  }: ChapterCacheOptions = {}) {
    this.#maxBytes = maxBytes;
    this.#maxAgeMs = maxAgeMs;
    this.#now = now;
  }

  /** Of all entries together, about. */
  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): RenderedChapter | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#remove(key, entry);
    if (entry.expiresAt <= this.#now()) return undefined;
    // Put back behind all others: a Map keeps the order of insertion.
    this.#insert(key, entry);
    return entry.chapter;
  }

  /** One that alone would fill a quarter of the cache is not kept: it would drive out a whole book. */
  set(key: string, chapter: RenderedChapter): void {
    const bytes = sizeOf(chapter);
    const existing = this.#entries.get(key);
    if (existing !== undefined) this.#remove(key, existing);
    if (bytes > this.#maxBytes / 4) return;
    this.#insert(key, { chapter, bytes, expiresAt: this.#now() + this.#maxAgeMs });
    for (const [oldest, entry] of this.#entries) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#remove(oldest, entry);
    }
  }

  #insert(key: string, entry: Entry): void {
    this.#entries.set(key, entry);
    this.#bytes += entry.bytes;
  }

  #remove(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }
}

/** Two bytes a character, which is what V8 takes for anything but Latin-1. */
function sizeOf({ html, text, notes }: RenderedChapter): number {
  const characters = notes.reduce(
    (sum, note) => sum + note.html.length + note.label.length,
    html.length + text.length,
  );
  return 2 * characters;
}
