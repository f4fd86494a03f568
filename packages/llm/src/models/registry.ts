/** From `provider/model` to a model that can be called. */

import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogle } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import {
  createProviderRegistry,
  extractJsonMiddleware,
  wrapLanguageModel,
  type LanguageModel,
} from 'ai';
import { ModelError } from './errors.ts';

export const PROVIDERS = ['google', 'openai', 'anthropic', 'openai-compatible'] as const;

export type ProviderName = (typeof PROVIDERS)[number];

/** `google/gemini-2.5-flash`; what follows the first slash is the provider's own name of the model. */
export interface ModelAddress {
  readonly provider: ProviderName;
  readonly modelId: string;
}

export interface ProviderAccess {
  /** API keys by provider; `openai-compatible` needs one only if its server does. */
  readonly keys?: Partial<Readonly<Record<ProviderName, string | undefined>>>;
  /** Where the provider is asked; `openai-compatible` has no default. */
  readonly baseUrl?: string | undefined;
  readonly fetch?: typeof globalThis.fetch;
}

/** @throws ModelError `llm.bad_model` */
export function parseModel(model: string): ModelAddress {
  const slash = model.indexOf('/');
  const provider = PROVIDERS.find((name) => name === model.slice(0, Math.max(0, slash)));
  const modelId = model.slice(slash + 1);
  if (provider === undefined || modelId === '') {
    throw new ModelError(
      'llm.bad_model',
      `The model "${model}" is not of the form provider/model with a provider among ${PROVIDERS.join(', ')}. An example is google/gemini-2.5-flash.`,
      false,
    );
  }
  return { provider, modelId };
}

/**
 * Opens a model. No request is made, so a wrong key shows only at the first call.
 *
 * @throws ModelError `llm.bad_key` without a key that is needed, `llm.bad_model` without a base URL that is needed
 */
export function openModel(address: ModelAddress, access: ProviderAccess): LanguageModel {
  const { provider, modelId } = address;
  const { baseUrl, fetch } = access;
  const settings = {
    ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
    ...(fetch === undefined ? {} : { fetch }),
  };
  // Without an explicit key the libraries would read the environment behind the configuration's back.
  const apiKey = access.keys?.[provider] ?? '';
  if (apiKey === '' && provider !== 'openai-compatible') {
    throw new ModelError(
      'llm.bad_key',
      `The model ${provider}/${modelId} needs an API key of ${provider}, and none is set.`,
      false,
    );
  }
  if (baseUrl === undefined && provider === 'openai-compatible') {
    throw new ModelError(
      'llm.bad_model',
      `The model ${provider}/${modelId} needs the address of its server, such as http://127.0.0.1:11434/v1.`,
      false,
    );
  }
  const registry = createProviderRegistry(
    {
      google: createGoogle({ ...settings, apiKey }),
      openai: createOpenAI({ ...settings, apiKey }),
      anthropic: createAnthropic({ ...settings, apiKey }),
      'openai-compatible': createOpenAICompatible({
        ...settings,
        name: 'openai-compatible',
        baseURL: baseUrl ?? '',
        ...(apiKey === '' ? {} : { apiKey }),
        // Otherwise neither the request nor the prompt would hold the schema.
        supportsStructuredOutputs: true,
      }),
    },
    { separator: '/' },
  );
  return wrapLanguageModel({
    model: registry.languageModel(`${provider}/${modelId}`),
    // Small models put their JSON into a code fence whatever they are told.
    middleware: extractJsonMiddleware(),
  });
}
