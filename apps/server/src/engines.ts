import { refuseInTransaction, type BudgetOptions } from '@scriptorium/kernel';
import {
  ModelError,
  modelEngine,
  modelShortener,
  MODEL_TIERS,
  offlineEngine,
  offlineShortener,
  tierModel,
  type DescriptionEngine,
  type ModelTier,
} from '@scriptorium/llm';
import { ConfigError, type Config } from './config.ts';
import {
  createShorteners,
  type ShortenerChoice,
  type Shorteners,
} from './features/novels/index.ts';

/** All that works on documents in this process, and what its providers may be asked. */
export interface Engines {
  readonly descriptions: DescriptionEngine;
  readonly shorteners: Shorteners;
  readonly budgets: BudgetOptions;
  /** Loads what the first work would wait for: half a second with a model. */
  prepare(): Promise<void>;
}

/** @throws ConfigError for a model that cannot work: it must not be answered by rules in silence */
export function chooseEngines(config: Config): Engines {
  const descriptions = chooseEngine(config);
  const shorteners = chooseShorteners(config);
  const used = shorteners.all().map(({ shortener }) => shortener.provider);
  return {
    descriptions,
    shorteners,
    budgets: budgetsOf(config, [descriptions.provider, ...used]),
    prepare: async () => {
      await descriptions.prepare?.();
      for (const { shortener } of shorteners.all()) await shortener.prepare?.();
    },
  };
}

function chooseEngine(config: Config): DescriptionEngine {
  const { model } = config;
  if (model === 'offline') return offlineEngine();
  return created('MODEL', model, () => modelEngine({ model, ...accessFor(config, model) }));
}

/**
 * The engines that shorten sentences. Each of the three names is the model of its own variable, else, with Gemini, the one of that
 * name's class, else the model of the installation; without a model there are the rules alone.
 */
function chooseShorteners(config: Config): Shorteners {
  const models = MODEL_TIERS.flatMap((tier): ShortenerChoice[] => {
    const chosen = modelOf(config, tier);
    if (chosen === undefined) return [];
    const { variable, model, creditFactor } = chosen;
    const shortener = created(variable, model, () =>
      modelShortener({ model, ...accessFor(config, model) }),
    );
    return [{ model: tier, shortener, creditFactor }];
  });
  return createShorteners(offlineShortener(), models);
}

function modelOf(config: Config, tier: ModelTier) {
  const { creditFactor, model: usual } = tierModel(tier);
  const own = config.shorteningModels[tier];
  if (own !== undefined)
    return { variable: `MODEL_${tier.toUpperCase()}`, model: own, creditFactor };
  if (config.model === 'offline') return undefined;
  const model = config.model.startsWith('google/') ? usual : config.model;
  return { variable: 'MODEL', model, creditFactor };
}

/** What the providers of the configured models may be asked in a minute, by all processes together. */
function budgetsOf(config: Config, providers: readonly (string | undefined)[]): BudgetOptions {
  return Object.fromEntries(
    providers
      .filter((provider) => provider !== undefined)
      .map((provider) => [
        provider,
        {
          requestsPerMinute: config.modelRequestsPerMinute,
          tokensPerMinute: config.modelTokensPerMinute,
        },
      ]),
  );
}

function accessFor({ providers }: Config, model: string) {
  return {
    keys: {
      google: providers.googleApiKey,
      openai: providers.openaiApiKey,
      anthropic: providers.anthropicApiKey,
      'openai-compatible': providers.compatibleApiKey,
    },
    baseUrl: model.startsWith('openai-compatible/') ? providers.compatibleBaseUrl : undefined,
    fetch: callModel,
  };
}

const callModel: typeof fetch = async (input, init) => {
  refuseInTransaction('call a model');
  return await fetch(input, init);
};

function created<T>(variable: string, model: string, create: () => T): T {
  try {
    return create();
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    throw new ConfigError([{ variable, value: JSON.stringify(model), problem: error.message }]);
  }
}
