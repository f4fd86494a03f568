import type { z } from 'zod';
import { describeVariable, environmentSchema } from './config-variables.ts';

type Environment = z.output<typeof environmentSchema>;
type VariableName = keyof Environment;

/** The environment variable that each provider of models cannot do without. */
const PROVIDER_NEEDS: ReadonlyMap<string, VariableName> = new Map([
  ['google', 'GOOGLE_GENERATIVE_AI_API_KEY'],
  ['openai', 'OPENAI_API_KEY'],
  ['anthropic', 'ANTHROPIC_API_KEY'],
  ['openai-compatible', 'OPENAI_COMPATIBLE_BASE_URL'],
]);

export type Config = Readonly<ReturnType<typeof toConfig>>;

/** One variable that cannot be used as it is. `value` is masked if it is a secret. */
export interface ConfigMistake {
  readonly variable: string;
  readonly value: string;
  readonly problem: string;
}

/** The environment cannot be used; `message` lists every mistake, with what is allowed. */
export class ConfigError extends Error {
  readonly code = 'config.invalid';
  readonly mistakes: readonly ConfigMistake[];

  constructor(mistakes: readonly ConfigMistake[]) {
    const lines = mistakes.map(
      ({ variable, value, problem }) => `  ${variable} is ${value}: ${problem}`,
    );
    const count = mistakes.length === 1 ? 'one mistake' : `${mistakes.length} mistakes`;
    super(`The environment has ${count}; nothing was started.\n${lines.join('\n')}`);
    this.name = 'ConfigError';
    this.mistakes = mistakes;
  }
}

/**
 * Reads the configuration. An empty variable counts as absent, since compose files cannot leave one out.
 *
 * @throws ConfigError with every mistake at once
 */
export function loadConfig(environment: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(
    Object.keys(environmentSchema.shape)
      .map((name) => [name, environment[name]] as const)
      .filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const parsed = environmentSchema.safeParse(given);
  const mistakes = [...malformed(parsed.error, given), ...incomplete(given)];
  if (!parsed.success || mistakes.length > 0) throw new ConfigError(mistakes);
  return Object.freeze(toConfig(parsed.data));
}

type Given = Readonly<Record<string, string | undefined>>;

function malformed(error: z.ZodError | undefined, given: Given): ConfigMistake[] {
  const names = new Set(error?.issues.map(({ path: [name] }) => String(name)));
  return [...names].map((name) => {
    const { expected } = describeVariable(name);
    return { variable: name, value: shown(name, given[name]), problem: `expected ${expected}` };
  });
}

/** What no variable can know on its own; checked on the raw values, so that other mistakes do not hide these. */
function incomplete(given: Given): ConfigMistake[] {
  const mistakes: ConfigMistake[] = [];
  const demand = (name: VariableName, problem: string) => {
    if (given[name] === undefined) {
      mistakes.push({ variable: name, value: 'not set', problem });
    }
  };
  if (given['OWNER_EMAIL'] !== undefined) {
    demand('OWNER_PASSWORD', 'OWNER_EMAIL is set, and an owner needs both or none');
  }
  if (given['OWNER_PASSWORD'] !== undefined) {
    demand('OWNER_EMAIL', 'OWNER_PASSWORD is set, and an owner needs both or none');
  }
  for (const variable of ['MODEL', 'MODEL_BALANCED', 'MODEL_QUALITY', 'MODEL_SPEED'] as const) {
    const model = given[variable] ?? '';
    const needed = PROVIDER_NEEDS.get(model.split('/', 1)[0] ?? '');
    if (needed === undefined) continue;
    demand(needed, `${variable}=${model} needs it; MODEL=offline works without`);
  }
  return mistakes;
}

function shown(name: string, value: string | undefined): string {
  if (value === undefined) return 'not set';
  return describeVariable(name).isSecret
    ? `hidden (length ${value.length})`
    : JSON.stringify(value);
}

function toConfig(env: Environment) {
  const owner =
    env.OWNER_EMAIL === undefined || env.OWNER_PASSWORD === undefined
      ? undefined
      : Object.freeze({ email: env.OWNER_EMAIL, password: env.OWNER_PASSWORD });
  return {
    host: env.HOST,
    port: env.PORT,
    publicUrl: env.PUBLIC_URL,
    trustProxy: env.TRUST_PROXY,
    dataDir: env.DATA_DIR,
    databaseUrl: env.DATABASE_URL,
    owner,
    /** `offline`, or `provider/model`. */
    model: env.MODEL,
    /** Models for shortening sentences that are not the usual ones. */
    shorteningModels: Object.freeze({
      balanced: env.MODEL_BALANCED,
      quality: env.MODEL_QUALITY,
      speed: env.MODEL_SPEED,
    }),
    novelMaxPages: env.NOVEL_MAX_PAGES,
    providers: Object.freeze({
      googleApiKey: env.GOOGLE_GENERATIVE_AI_API_KEY,
      openaiApiKey: env.OPENAI_API_KEY,
      anthropicApiKey: env.ANTHROPIC_API_KEY,
      compatibleBaseUrl: env.OPENAI_COMPATIBLE_BASE_URL,
      compatibleApiKey: env.OPENAI_COMPATIBLE_API_KEY,
    }),
    modelRequestsPerMinute: env.MODEL_REQUESTS_PER_MINUTE,
    modelTokensPerMinute: env.MODEL_TOKENS_PER_MINUTE,
    workerSlots: env.WORKER_SLOTS,
    uploadMaxBytes: env.UPLOAD_MAX_MB * 1_000_000,
    submissionsPerHour: Object.freeze({
      member: env.SUBMISSIONS_PER_HOUR,
      premium: env.SUBMISSIONS_PER_HOUR_PREMIUM,
      admin: env.SUBMISSIONS_PER_HOUR_ADMIN,
    }),
    registration: env.REGISTRATION,
    /** What a user's files may take, unless an administrator has set another quota. Null: no limit but the disk's. */
    userQuotaBytes: env.USER_QUOTA_MB === 0 ? null : env.USER_QUOTA_MB * 1_000_000,
    minFreeDiskBytes: env.MIN_FREE_DISK_MB * 1_000_000,
    accessTokenSeconds: env.SESSION_ACCESS_MINUTES * 60,
    refreshTokenSeconds: env.SESSION_REFRESH_DAYS * 86_400,
    drainSeconds: env.DRAIN_SECONDS,
    logLevel: env.LOG_LEVEL,
    logFormat: env.LOG_FORMAT,
  };
}
