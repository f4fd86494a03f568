import type { ShortenRequest } from '@scriptorium/llm';
import type { NovelChunk } from './plan-novel.ts';

/** Some 50 kB each; three novels of 600 pages. */
const MOST = 128;

/**
 * Requests that a plan has made, for the parts that this process works on soon after: they need neither the database nor the questions
 * to be written again while a slot waits for them, which took a quarter of the time between two parts. A part that finds none
 * makes its own.
 */
export class ReadyRequests {
  readonly #requests = new Map<string, ShortenRequest>();

  put(ownerId: number, chunk: NovelChunk, request: ShortenRequest): void {
    this.#requests.set(keyOf(ownerId, chunk), request);
    const [oldest] = this.#requests.keys();
    if (this.#requests.size > MOST && oldest !== undefined) this.#requests.delete(oldest);
  }

  /** Once: a part that is tried again makes its own. */
  take(ownerId: number, chunk: NovelChunk): ShortenRequest | undefined {
    const key = keyOf(ownerId, chunk);
    const request = this.#requests.get(key);
    this.#requests.delete(key);
    return request;
  }
}

function keyOf(ownerId: number, chunk: NovelChunk): string {
  const { sha256, readerVersion, fromPage, toPage, sentenceIds, language, maxWords, engine } =
    chunk;
  const parts = [ownerId, sha256, readerVersion, fromPage, toPage, sentenceIds, language, maxWords];
  return JSON.stringify([...parts, engine]);
}
