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
import type { ModelAddress, ProviderAccess } from './address.ts';

/** Opens a model that `checkAccess` lets pass. No request is made. */
export function openModel(address: ModelAddress, access: ProviderAccess): LanguageModel {
  const { provider, modelId } = address;
  const { baseUrl, fetch } = access;
  const settings = {
    ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
    ...(fetch === undefined ? {} : { fetch }),
  };
  // Without an explicit key the libraries would read the environment behind the configuration's back.
  const apiKey = access.keys?.[provider] ?? '';
  // Warnings about settings that a provider ignores go to the console otherwise; we set none.
  globalThis.AI_SDK_LOG_WARNINGS = false;
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
