import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from './config.ts';

function mistakesOf(environment: NodeJS.ProcessEnv): ConfigError {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('The environment was accepted');
}

const variablesOf = (error: ConfigError) => error.mistakes.map(({ variable }) => variable).sort();

describe('loadConfig', () => {
  it('works without any variable, offline and for this machine alone', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      model: 'offline',
      workerSlots: 5,
      uploadMaxBytes: 100_000_000,
      accessTokenSeconds: 900,
      trustProxy: false,
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('reports every mistake at once: wrong forms, missing halves and a model without its key', () => {
    const error = mistakesOf({
      PORT: 'eighty',
      LOG_LEVEL: 'loud',
      TRUST_PROXY: '10.0.0.0/99',
      OWNER_EMAIL: 'owner@example.org',
      MODEL: 'google/gemini-2.5-flash',
    });
    expect(variablesOf(error)).toEqual([
      'GOOGLE_GENERATIVE_AI_API_KEY',
      'LOG_LEVEL',
      'OWNER_PASSWORD',
      'PORT',
      'TRUST_PROXY',
    ]);
    expect(error.message).toContain('PORT is "eighty": expected a whole number from 0 to 65535');
    expect(error.message).toContain('MODEL=google/gemini-2.5-flash needs it');
  });

  it('never shows a secret, not even a malformed one', () => {
    const error = mistakesOf({
      DATABASE_URL: 'mysql://root:hunter22@db',
      OWNER_PASSWORD: 'sesame',
    });
    expect(variablesOf(error)).toEqual(['DATABASE_URL', 'OWNER_EMAIL', 'OWNER_PASSWORD']);
    expect(error.message).not.toMatch(/hunter22|sesame/u);
    expect(error.message).toContain('hidden (length 6)');
  });

  it('takes an empty variable for an absent one', () => {
    expect(loadConfig({ PORT: '', DATABASE_URL: ' ' })).toMatchObject({
      port: 8080,
      databaseUrl: undefined,
    });
  });

  it.each([
    ['google/gemini-2.5-flash', 'GOOGLE_GENERATIVE_AI_API_KEY', 'k'],
    ['openai/gpt-5-mini', 'OPENAI_API_KEY', 'k'],
    ['anthropic/claude-sonnet-4-5', 'ANTHROPIC_API_KEY', 'k'],
    ['openai-compatible/llama3', 'OPENAI_COMPATIBLE_BASE_URL', 'http://127.0.0.1:11434/v1'],
  ])('accepts the model %s exactly when %s is set', (model, variable, value) => {
    expect(variablesOf(mistakesOf({ MODEL: model }))).toEqual([variable]);
    expect(loadConfig({ MODEL: model, [variable]: value }).model).toBe(model);
  });

  it('reduces PUBLIC_URL to its origin and refuses one with a path', () => {
    expect(loadConfig({ PUBLIC_URL: 'https://Books.example.org/' }).publicUrl).toBe(
      'https://books.example.org',
    );
    const wrong = ['https://example.org/books', 'example.org', 'ftp://example.org'];
    expect(wrong.flatMap((url) => variablesOf(mistakesOf({ PUBLIC_URL: url })))).toEqual(
      wrong.map(() => 'PUBLIC_URL'),
    );
  });

  it('reads TRUST_PROXY as a count or as a list of networks, and does not offer to trust everybody', () => {
    expect(loadConfig({ TRUST_PROXY: '1' }).trustProxy).toBe(1);
    expect(loadConfig({ TRUST_PROXY: '10.0.0.0/8, ::1' }).trustProxy).toEqual([
      '10.0.0.0/8',
      '::1',
    ]);
    expect(variablesOf(mistakesOf({ TRUST_PROXY: 'true' }))).toEqual(['TRUST_PROXY']);
  });
});
