/** Which model is meant, and whether it can be reached at all; without loading any provider's library. */

import { ModelError } from './errors.ts';

const PROVIDERS = ['google', 'openai', 'anthropic', 'openai-compatible'] as const;

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
 * A wrong key shows only at the first call, but one that is missing shows here.
 *
 * @throws ModelError `llm.bad_key` without a key that is needed, `llm.bad_model` without a base URL that is needed
 */
export function checkAccess({ provider, modelId }: ModelAddress, access: ProviderAccess): void {
  const isCompatible = provider === 'openai-compatible';
  if (!isCompatible && (access.keys?.[provider] ?? '') === '') {
    throw new ModelError(
      'llm.bad_key',
      `The model ${provider}/${modelId} needs an API key of ${provider}, and none is set.`,
      false,
    );
  }
  if (isCompatible && access.baseUrl === undefined) {
    throw new ModelError(
      'llm.bad_model',
      `The model ${provider}/${modelId} needs the address of its server, such as http://127.0.0.1:11434/v1.`,
      false,
    );
  }
}
