import { z } from 'zod';
import { emailSchema, newPasswordSchema, roleSchema, userSchema } from './accounts.ts';
import { flagParameter, idParameter, idSchema, pageQuery, timestampSchema } from './primitives.ts';

const cookie = z.boolean().default(false).describe('Keep the tokens in HttpOnly cookies');

/** Without an invitation only where the operator has opened registration. */
export const registerBody = z.strictObject({
  invitation: z.string().min(1).max(200).optional(),
  email: emailSchema,
  password: newPasswordSchema,
  cookie,
});

/** Nobody but the owner is owner, and there is one. */
const grantableRole = roleSchema.exclude(['owner']);

export const invitationBody = z.strictObject({
  /** Only this address may use it; without one, whoever has the link. */
  email: emailSchema.optional(),
  role: grantableRole.default('member'),
  expires_in_days: z.int().min(1).max(90).default(7),
  /** Granted when the invitation is used. */
  credits: z.number().min(0).max(1_000_000_000).multipleOf(0.001).default(0),
});

export const invitationSchema = z
  .object({
    id: idSchema,
    email: z.string().nullable(),
    role: grantableRole,
    credits: z.number(),
    created_at: timestampSchema,
    expires_at: timestampSchema,
    used_at: timestampSchema.nullable(),
    revoked_at: timestampSchema.nullable(),
  })
  .meta({ id: 'Invitation' });

/** The only answer that contains the link: only its hash is stored. */
export const invitationCreatedSchema = z.object({ invitation: invitationSchema, url: z.string() });
export const invitationListSchema = z.object({ invitations: z.array(invitationSchema) });
export const invitationParams = z.object({ id: idParameter });

/** What one user takes up, and may. */
export const storageSchema = z.object({
  used_bytes: z.int().min(0),
  /** Null: no limit but the disk's. */
  quota_bytes: z.int().min(0).nullable(),
});

export const personSchema = z
  .object({
    ...userSchema.shape,
    is_disabled: z.boolean(),
    credits: z.object({ available: z.number(), held: z.number() }),
    storage: storageSchema,
    open_jobs: z.int().min(0),
    last_seen_at: timestampSchema.nullable(),
  })
  .meta({ id: 'Person' });

export type Person = z.output<typeof personSchema>;

export const personListQuery = z.object({
  ...pageQuery.shape,
  search: z.string().trim().max(200).optional(),
  is_disabled: flagParameter.optional(),
});
export const personListSchema = z.object({
  users: z.array(personSchema),
  next_before: idSchema.nullable(),
});
export const personParams = z.object({ id: idParameter });

export const changePersonBody = z.strictObject({
  role: grantableRole.optional(),
  is_disabled: z.boolean().optional(),
  /** Null: the installation's. */
  quota_bytes: z.int().min(0).nullable().optional(),
});

/** A one-time link for somebody who has forgotten the password. */
export const passwordLinkSchema = z.object({ url: z.string(), expires_at: timestampSchema });

export const resetPasswordBody = z.strictObject({
  token: z.string().min(1).max(200),
  password: newPasswordSchema,
  cookie,
});

export const changePasswordBody = z.strictObject({
  current_password: z.string().min(1).max(1024),
  password: newPasswordSchema,
});

export const settingsSchema = z
  .object({
    /** Ended jobs are deleted after so many days; null keeps them as long as the installation does. */
    history_days: z.int().min(1).max(3650).nullable(),
    storage: storageSchema,
  })
  .meta({ id: 'Settings' });

export const settingsBody = z.strictObject({
  history_days: z.int().min(1).max(3650).nullable().optional(),
});

/** The account goes with all that belongs to it, so the password is asked for once more. */
export const deleteAccountBody = z.strictObject({ password: z.string().min(1).max(1024) });

export const signedInSessionSchema = z
  .object({
    id: idSchema,
    created_at: timestampSchema,
    last_used_at: timestampSchema.nullable(),
    /** The one that asks. */
    is_current: z.boolean(),
  })
  .meta({ id: 'SignedInSession' });
export const sessionListSchema = z.object({ sessions: z.array(signedInSessionSchema) });
export const sessionParams = z.object({ id: idParameter });
