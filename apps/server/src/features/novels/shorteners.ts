import type { ShorteningModel } from '@scriptorium/contract';
import type { Shortener } from '@scriptorium/llm';

/** An engine that may be asked for. */
export interface ShortenerChoice {
  readonly model: ShorteningModel;
  readonly shortener: Shortener;
  /** Credits for 1,000 tokens; 0 for rules. */
  readonly creditFactor: number;
}

/** The engines of this server. */
export interface Shorteners {
  all(): readonly ShortenerChoice[];
  /** What a name stands for; undefined for a model where none is configured. */
  choose(model: ShorteningModel): ShortenerChoice | undefined;
  /** What is taken when nothing is asked for. */
  readonly preset: ShorteningModel;
  /** The engine that a job was accepted with. */
  byName(engine: string): ShortenerChoice | undefined;
}

/** @param models what the names stand for; empty where no model is configured */
export function createShorteners(
  offline: Shortener,
  models: readonly ShortenerChoice[],
): Shorteners {
  const choices: readonly ShortenerChoice[] = [
    { model: 'offline', shortener: offline, creditFactor: 0 },
    ...models,
  ];
  return {
    all: () => choices,
    choose: (model) => choices.find((choice) => choice.model === model),
    preset: models.some(({ model }) => model === 'balanced') ? 'balanced' : 'offline',
    byName: (engine) => choices.find(({ shortener }) => shortener.name === engine),
  };
}
