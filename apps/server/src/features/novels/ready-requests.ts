import type { ShortenRequest } from '@scriptorium/llm';
import { chunkSchema, type NovelChunk } from './plan-novel.ts';

/** Some 150 kB each, with their questions: three novels of 600 pages. */
const MOST = 128;

/** What a plan says of a part. */
interface ReadyPart {
  readonly input: NovelChunk;
  readonly request: ShortenRequest;
}

/**
 * Requests that a plan has made, for the parts that this process works on soon after: they need neither the database nor the questions
 * to be written again while a slot waits for them: 8 of the 64 ms of the processor in which five parts end and five begin, and the
 * reading beside it. A part that finds none makes its own.
 */
export class ReadyRequests {
  readonly #requests = new Map<string, ShortenRequest>();

  /** Of a plan with more parts than there is room for, those that come first; what older plans have left makes room. */
  put(ownerId: number, parts: readonly ReadyPart[]): void {
    for (const { input, request } of parts.slice(0, MOST)) {
      const key = keyOf(ownerId, input);
      this.#requests.delete(key);
      this.#requests.set(key, request);
    }
    for (const key of this.#requests.keys()) {
      if (this.#requests.size <= MOST) return;
      this.#requests.delete(key);
    }
  }

  /** Once: a part that is tried again makes its own. */
  take(ownerId: number, chunk: NovelChunk): ShortenRequest | undefined {
    const key = keyOf(ownerId, chunk);
    const request = this.#requests.get(key);
    this.#requests.delete(key);
    return request;
  }
}

/** By all that the part depends on, in the order of its schema: the database does not keep that of its properties. */
function keyOf(ownerId: number, chunk: NovelChunk): string {
  return JSON.stringify([ownerId, chunkSchema.parse(chunk)]);
}
