import { z } from 'zod';
import { idParameter, idSchema, timestampSchema } from './primitives.ts';

export const roleSchema = z.enum(['owner', 'admin', 'premium', 'member']);
export type Role = z.output<typeof roleSchema>;

/**
 * What a caller may do. A session may do everything its user may. An API key has `read` (GET requests), `write`
 * (all others) or both, and never `account`: a key that leaks must not be able to make more keys.
 */
export const scopeSchema = z.enum(['read', 'write', 'account']);
export type Scope = z.output<typeof scopeSchema>;

/** Compared and stored trimmed and in lower case. */
export const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email('Expected an e-mail address such as ada@example.org'));

/** At least 8 characters, the minimum of NIST SP 800-63B; the upper bound keeps hashing cheap for us. */
export const newPasswordSchema = z
  .string()
  .min(8, 'Expected at least 8 characters')
  .max(1024, 'Expected at most 1024 characters');

export const userSchema = z
  .object({ id: idSchema, email: z.string(), role: roleSchema, created_at: timestampSchema })
  .meta({ id: 'User' });

export type User = z.output<typeof userSchema>;

const cookieFlag = z
  .boolean()
  .default(false)
  .describe('Keep the tokens in HttpOnly cookies instead of the answer, for the web app');

export const loginBody = z.strictObject({
  email: emailSchema,
  password: z.string().min(1).max(1024),
  cookie: cookieFlag,
});

/** The one-time link that the server prints at its first start ends in this token. */
export const claimBody = z.strictObject({
  token: z.string().min(1).max(200),
  email: emailSchema,
  password: newPasswordSchema,
  cookie: cookieFlag,
});

/** Without a body, the token is taken from the cookie. */
export const refreshBody = z
  .strictObject({ refresh_token: z.string().min(1).max(200).optional() })
  .default({});

export const sessionSchema = z
  .object({
    user: userSchema,
    token_type: z.literal('Bearer'),
    /** Seconds for which the access token is good. */
    expires_in: z.int().positive(),
    access_token: z.string().optional().describe('Absent when the session lives in cookies'),
    refresh_token: z.string().optional().describe('Good for one use; absent with cookies'),
  })
  .meta({ id: 'Session' });

export type Session = z.output<typeof sessionSchema>;

export const meSchema = z.object({ user: userSchema, scopes: z.array(scopeSchema) });

export const apiKeyScopesSchema = z
  .array(scopeSchema.exclude(['account']))
  .min(1)
  .max(2);

export const apiKeySchema = z
  .object({
    id: idSchema,
    name: z.string(),
    /** Its first characters, to recognise it by. */
    prefix: z.string(),
    scopes: z.array(scopeSchema),
    created_at: timestampSchema,
    /** To the minute. */
    last_used_at: timestampSchema.nullable(),
    revoked_at: timestampSchema.nullable(),
  })
  .meta({ id: 'ApiKey' });

export type ApiKey = z.output<typeof apiKeySchema>;

export const apiKeyBody = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: apiKeyScopesSchema.default(['read', 'write']),
});

/** The only answer that ever contains the key itself: only its hash is stored. */
export const apiKeyCreatedSchema = z.object({ api_key: apiKeySchema, key: z.string() });
export const apiKeyListSchema = z.object({ api_keys: z.array(apiKeySchema) });
export const apiKeyParams = z.object({ id: idParameter });
