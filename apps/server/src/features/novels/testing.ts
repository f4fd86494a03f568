import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { routes, type Novel } from '@scriptorium/contract';
import { toMillicredits, type Queryable } from '@scriptorium/kernel';
import { modelShortener, offlineShortener } from '@scriptorium/llm';
import { startService, type Service } from '../../testing-service.ts';
import { createCreditsFeature } from '../credits/index.ts';
import {
  chooseModel,
  createNovelsFeature,
  createNovelsPipeline,
  createShorteners,
  retryCredits,
  type ShortenerChoice,
} from './index.ts';

/** A server with novels and credits. */
export interface NovelsServer extends Service {
  /** Hands in a PDF for Ada. */
  upload(pdf: Uint8Array, name?: string): Promise<Novel>;
  grant(email: 'ada' | 'bob', credits: number): Promise<void>;
}

export interface NovelsServerOptions {
  /** The address of a scripted model, behind `balanced`. Absent: rules alone. */
  readonly modelUrl?: string;
  readonly slots?: number;
  readonly environment?: NodeJS.ProcessEnv;
  /** Told every query of the pipeline. */
  readonly onQuery?: (text: string) => void;
}

/** Credits for 1,000 tokens of the scripted model. */
export const FACTOR = 3;

export async function startNovelsServer(options: NovelsServerOptions = {}): Promise<NovelsServer> {
  const shorteners = createShorteners(offlineShortener(), modelsAt(options.modelUrl));
  const service = await startService({
    pipelines: (pool) => [createNovelsPipeline({ db: told(pool, options.onQuery), shorteners })],
    features: ({ pool, kernel, parser, config }) => [
      createNovelsFeature({ db: pool, kernel, parser, limits: config, shorteners }),
      createCreditsFeature({
        kernel,
        factorOf: (model) => chooseModel(shorteners, model).creditFactor,
      }),
    ],
    jobs: ({ pool, kernel }) => ({
      retryCredits: (job) => retryCredits({ db: pool, kernel }, job),
    }),
    slots: options.slots,
    environment: { UPLOAD_MAX_MB: '5', ...options.environment },
  });
  const { ada, kernel, pool } = service;
  return {
    ...service,
    upload: async (pdf, name = 'novel.pdf') => {
      const file = new File([Uint8Array.from(pdf)], name);
      return (await ada.call(routes.novels.upload, { form: { file } })).novel;
    },
    grant: async (name, credits) => {
      const { rows } = await pool.query<{ id: number }>('SELECT id FROM users WHERE email = $1', [
        `${name}@example.org`,
      ]);
      const ownerId = rows[0]?.id ?? 0;
      const amount = toMillicredits(credits);
      await kernel.transaction((tx) =>
        kernel.credits.grant(tx, {
          ownerId,
          amount,
          by: ownerId,
          reference: randomUUID(),
        }),
      );
    },
  };
}

function told(db: Queryable, onQuery: NovelsServerOptions['onQuery']): Queryable {
  return {
    query: (text, values) => {
      onQuery?.(text);
      return db.query(text, values);
    },
  };
}

/** The scripted model behind the name `balanced`. */
function modelsAt(baseUrl: string | undefined): ShortenerChoice[] {
  if (baseUrl === undefined) return [];
  const shortener = modelShortener({ model: 'openai-compatible/tiny', baseUrl });
  return [{ model: 'balanced', shortener, creditFactor: FACTOR }];
}

/** The novel of the demo: a French story of a dozen pages, with a text layer, running heads and hyphens. */
export async function sampleNovel(): Promise<Uint8Array> {
  return await readFile(
    new URL('../../../../../samples/out/l-horloge-de-brumeville.fr.pdf', import.meta.url),
  );
}
