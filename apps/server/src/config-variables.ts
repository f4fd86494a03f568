import { isIP } from 'node:net';
import path from 'node:path';
import { emailSchema, newPasswordSchema } from '@scriptorium/contract';
import { z } from 'zod';

/**
 * Every setting comes from the environment and is declared here once: its form, its default, what it is for. The table
 * in the README is made from this by scripts/readme-config.ts.
 */
export const environmentSchema = z.object({
  HOST: z.string().prefault('127.0.0.1').meta({
    description: 'Address to listen on. `0.0.0.0` opens the server to the network.',
    expected: 'a host name or an IP address',
  }),
  PORT: wholeNumber(
    0,
    65_535,
    8080,
    'Port to listen on. With `0` a free one is taken and printed.',
  ),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/u })
    .regex(/^[^/]+\/\/[^/?#]+\/?$/u)
    .transform((text) => new URL(text).origin)
    .optional()
    .meta({
      description:
        'Address under which browsers reach the server. With `https`, cookies are secure.',
      expected: 'an http or https address without a path, such as https://books.example.org',
    }),
  TRUST_PROXY: z
    .string()
    .refine(
      (text) => text === 'false' || /^\d{1,2}$/u.test(text) || addressesIn(text).every(isNetwork),
    )
    .transform(toTrustProxy)
    .prefault('false')
    .meta({
      description:
        'Proxies whose `X-Forwarded-*` headers are believed: how many stand in front, or their addresses.',
      expected: 'false, a number of proxies, or addresses such as 10.0.0.0/8,192.168.1.7',
    }),
  DATA_DIR: z
    .string()
    .transform((folder) => path.resolve(folder))
    .prefault('./data')
    .meta({
      description: 'Folder for files, and for the embedded database.',
      expected: 'a folder',
    }),
  DATABASE_URL: z
    .url({ protocol: /^postgres(?:ql)?$/u })
    .optional()
    .meta({
      description: 'PostgreSQL 16 or newer. Without it, a database is started under `DATA_DIR`.',
      expected: 'an address such as postgres://user:password@host:5432/scriptorium',
      isSecret: true,
    }),
  OWNER_EMAIL: emailSchema.optional().meta({
    description:
      'E-mail of the owner, created at the first start. Without it, a one-time link is printed.',
    expected: 'an e-mail address such as ada@example.org',
  }),
  OWNER_PASSWORD: newPasswordSchema.optional().meta({
    description: 'Password of the owner at the first start. Later changes have no effect.',
    expected: 'at least 8 characters, at most 1024',
    isSecret: true,
  }),
  MODEL: z
    .string()
    .regex(/^(?:offline|(?:google|openai|anthropic|openai-compatible)\/\S+)$/u)
    .prefault('offline')
    .meta({
      description:
        'The language model, as `provider/model`. `offline` works by rules, without a model and without a key.',
      expected:
        'offline, or a model of google, openai, anthropic or openai-compatible, such as google/gemini-2.5-flash',
    }),
  MODEL_BALANCED: shorteningModel('balanced'),
  MODEL_QUALITY: shorteningModel('quality'),
  MODEL_SPEED: shorteningModel('speed'),
  GOOGLE_GENERATIVE_AI_API_KEY: key('Google models'),
  OPENAI_API_KEY: key('OpenAI models'),
  ANTHROPIC_API_KEY: key('Anthropic models'),
  OPENAI_COMPATIBLE_BASE_URL: z
    .url({ protocol: /^https?$/u })
    .optional()
    .meta({
      description: 'Any server that speaks the OpenAI protocol: Ollama, vLLM, OpenRouter.',
      expected: 'an http or https address such as http://127.0.0.1:11434/v1',
    }),
  OPENAI_COMPATIBLE_API_KEY: key('that server, if it wants one'),
  MODEL_REQUESTS_PER_MINUTE: wholeNumber(
    1,
    1_000_000,
    60,
    'Most calls of the model a minute, over all processes. A fifth is kept for people who wait.',
  ),
  MODEL_TOKENS_PER_MINUTE: wholeNumber(
    1000,
    1_000_000_000,
    250_000,
    'Most tokens a minute, in and out, over all processes.',
  ),
  WORKER_SLOTS: wholeNumber(1, 1000, 5, 'How many parts a process works on at the same time.'),
  UPLOAD_MAX_MB: wholeNumber(1, 10_000, 100, 'Largest file that may be handed in, in megabytes.'),
  NOVEL_MAX_PAGES: wholeNumber(1, 5000, 2000, 'Most pages of a PDF that may be handed in.'),
  SUBMISSIONS_PER_HOUR: submissions('members'),
  SUBMISSIONS_PER_HOUR_PREMIUM: submissions('premium users'),
  SUBMISSIONS_PER_HOUR_ADMIN: submissions('administrators'),
  REGISTRATION: z.enum(['closed', 'open']).prefault('closed').meta({
    description:
      'With `closed`, accounts are opened by invitation alone; with `open`, by whoever reaches the server.',
    expected: 'closed or open',
  }),
  USER_QUOTA_MB: wholeNumber(
    0,
    100_000_000,
    0,
    "What one user's files may take, in megabytes, unless an administrator has set another quota. `0`: no limit but the disk's.",
  ),
  MIN_FREE_DISK_MB: wholeNumber(
    0,
    10_000_000,
    500,
    'With less free space on the disk, nothing new is accepted.',
  ),
  SESSION_ACCESS_MINUTES: wholeNumber(1, 60, 15, 'Life of an access token, in minutes.'),
  SESSION_REFRESH_DAYS: wholeNumber(
    1,
    365,
    30,
    'A session ends when it was not used for so many days.',
  ),
  DRAIN_SECONDS: wholeNumber(
    0,
    600,
    10,
    'At a stop, how long requests and parts in progress may still take.',
  ),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .prefault('info')
    .meta({
      description: 'The least important messages to log.',
      expected: 'fatal, error, warn, info, debug, trace or silent',
    }),
  LOG_FORMAT: z.enum(['auto', 'json', 'pretty']).prefault('auto').meta({
    description: '`auto` is `pretty` in a terminal and `json` elsewhere.',
    expected: 'auto, json or pretty',
  }),
});

/** What people are told about a variable. */
export interface VariableDescription {
  readonly name: string;
  readonly description: string;
  readonly expected: string;
  readonly default: string | undefined;
  readonly isSecret: boolean;
}

const aboutSchema = z.object({
  description: z.string(),
  expected: z.string(),
  isSecret: z.boolean().default(false),
});

/** The documentation of one variable, read from its schema. */
export function describeVariable(name: string): VariableDescription {
  const schema = new Map<string, z.ZodType>(Object.entries(environmentSchema.shape)).get(name);
  if (schema === undefined) throw new Error(`${name} is not a variable of the configuration`);
  const about = aboutSchema.parse(schema.meta());
  const preset = schema instanceof z.ZodPrefault ? String(schema.def.defaultValue) : undefined;
  return { name, ...about, default: preset };
}

function wholeNumber(min: number, max: number, preset: number, description: string) {
  return z
    .string()
    .regex(/^\d{1,15}$/u)
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .prefault(String(preset))
    .meta({ description, expected: `a whole number from ${min} to ${max}` });
}

function submissions(whose: string) {
  return wholeNumber(
    1,
    1_000_000,
    10,
    `How many PDFs ${whose} may submit an hour, each, over all servers. The owner's are not counted.`,
  );
}

function shorteningModel(name: string) {
  return z
    .string()
    .regex(/^(?:google|openai|anthropic|openai-compatible)\/\S+$/u)
    .optional()
    .meta({
      description: `The model that shortens sentences when \`gemini_model=${name}\` is asked for. Without it, the Gemini model of that class where \`MODEL\` is one, else \`MODEL\`.`,
      expected: 'a model such as google/gemini-2.5-flash',
    });
}

function key(what: string) {
  return z
    .string()
    .optional()
    .meta({ description: `Key for ${what}.`, expected: 'a key', isSecret: true });
}

/** In the form Fastify takes; `true` is not offered, since it lets anybody choose the address they are counted under. */
function toTrustProxy(text: string): false | number | string[] {
  if (text === 'false') return false;
  return /^\d+$/u.test(text) ? Number(text) : addressesIn(text);
}

function addressesIn(text: string): string[] {
  return text.split(',').map((address) => address.trim());
}

/** True for `10.0.0.7`, `10.0.0.0/8`, `fd00::/8`. */
function isNetwork(text: string): boolean {
  const [address = '', bits = '0', ...rest] = text.split('/');
  const version = isIP(address);
  return (
    version !== 0 &&
    rest.length === 0 &&
    /^\d{1,3}$/u.test(bits) &&
    Number(bits) <= (version === 4 ? 32 : 128)
  );
}
