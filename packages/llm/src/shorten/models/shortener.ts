/**
 * The shortener behind which a language model stands. Ids go in and ids come out; every answer is checked in code for its
 * ids, the words of each sentence, what was lost and what was invented, and only what fails is asked for again.
 */

import { checkAccess, parseModel } from '../../models/address.ts';
import type { ModelOptions } from '../../models/connect.ts';
import type { Shortener, ShortenRequest } from '../types.ts';

/**
 * Creates the shortener; no request is made yet. Its `shorten` throws ModelError (ModelBusyError when the call is to be made
 * later), and is paid for again by every attempt unless `memo` is given. A sentence that the model cannot be brought to
 * shorten is no error: it comes back as `over_limit`, with a note.
 *
 * @throws ModelError `llm.bad_model`, `llm.bad_key` for options that cannot work
 */
export function modelShortener(options: ModelOptions): Shortener {
  const address = parseModel(options.model);
  checkAccess(address, options);
  let opened: ReturnType<typeof load> | undefined;
  const load = async () => {
    // The libraries take 0.3 s and 50 MB to load, which a server that works by rules need not pay.
    const { sentenceShortener } = await import('./shorten.ts');
    return sentenceShortener(options, address);
  };
  const open = () => (opened ??= load());
  return {
    name: options.model,
    isOffline: false,
    provider: address.provider,
    prepare: async () => void (await open()),
    shorten: async (request, hooks) => {
      hooks.signal?.throwIfAborted();
      check(request);
      const shorten = await open();
      return await shorten(request, hooks);
    },
  };
}

function check({ maxWords, sentences }: ShortenRequest): void {
  if (!Number.isInteger(maxWords) || maxWords < 1) {
    throw new RangeError(`maxWords is ${maxWords}; it must be a whole number from 1 on.`);
  }
  const ids = new Set<string>();
  for (const { id } of sentences) {
    if (ids.has(id)) throw new RangeError(`The id "${id}" occurs twice; each must be unique.`);
    ids.add(id);
  }
}
