import type { ShorteningModel } from '@scriptorium/contract';
import { novelError } from './novels.errors.ts';
import type { Layer } from './plan-novel.ts';
import type { ShortenerChoice, Shorteners } from './shorteners.ts';

/** @throws AppError `novel.no_model`: rules must not answer in silence for a model that was asked for */
export function chooseModel(
  shorteners: Shorteners,
  asked: ShorteningModel | undefined,
): ShortenerChoice {
  const choice = shorteners.choose(asked ?? shorteners.preset);
  if (choice !== undefined) return choice;
  throw novelError('novel.no_model', {
    detail: `No model is configured on this server, so gemini_model=${asked} cannot be had. Ask its operator to set MODEL and a key, or take gemini_model=offline, which works by rules.`,
  });
}

/** A pass over the whole novel. */
export function layerOf({ model, shortener, creditFactor }: ShortenerChoice): Layer {
  return { model, engine: shortener.name, creditFactor };
}
