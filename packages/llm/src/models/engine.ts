/**
 * The description engine behind which a language model stands. The model reads numbered paragraphs and quotes from them;
 * everything it says is then looked up in the text, and what is not there is returned as rejected, with the reason.
 */

import type { DescriptionEngine } from '../description.ts';
import { checkAccess, parseModel } from './address.ts';
import type { ModelOptions } from './connect.ts';

/** Rises whenever the same answers of a model may lead to another result. */
const VERSION = '1';

export interface ModelEngineOptions extends ModelOptions {
  /** Language in which the model is spoken to; by default the book's. */
  readonly promptLanguage?: string;
}

/**
 * Creates the engine; no request is made yet. Its `describe` throws ModelError (ModelBusyError when the call is to be
 * made later), and is paid for again by every attempt unless `memo` is given.
 *
 * @throws ModelError `llm.bad_model`, `llm.bad_key` for options that cannot work
 */
export function modelEngine(options: ModelEngineOptions): DescriptionEngine {
  const address = parseModel(options.model);
  checkAccess(address, options);
  let opened: ReturnType<typeof load> | undefined;
  const load = async () => {
    // The libraries take 0.3 s and 50 MB to load, which a server that works by rules need not pay.
    const { chapterReader } = await import('./describe.ts');
    return chapterReader(options, address, `${options.model}/${VERSION}`);
  };
  const open = () => (opened ??= load());
  return {
    id: options.model,
    version: VERSION,
    languages: 'any',
    provider: address.provider,
    prepare: async () => void (await open()),
    describe: async (input, report) => {
      input.signal?.throwIfAborted();
      const describe = await open();
      return await describe(input, report);
    },
  };
}
