import { z } from 'zod';
import { shorteningModelSchema } from './novels.ts';
import { idParameter, idSchema, pageQuery, timestampSchema } from './primitives.ts';

/** Credits, with up to three decimals. One credit is 1,000 tokens times the factor of the model; rules cost nothing. */
const credits = z.number();

export const creditsSchema = z
  .object({
    /** What can be spent. */
    available: credits,
    /** Set aside for jobs that run and for confirmations. */
    held: credits,
    /** The sum of both. */
    balance: credits,
  })
  .meta({ id: 'Credits' });

export const creditEntrySchema = z
  .object({
    id: idSchema,
    at: timestampSchema,
    kind: z.enum(['grant', 'hold', 'settle', 'release']),
    /** What it did to the caller's available credits (grant, hold, release) or held ones (settle). */
    amount: credits,
    available_after: credits,
    held_after: credits,
    job_id: idSchema.nullable(),
    note: z.string().nullable(),
  })
  .meta({ id: 'CreditEntry' });

export const creditEntriesQuery = z.object({ ...pageQuery.shape, job_id: idParameter.optional() });
export const creditEntriesSchema = z.object({
  entries: z.array(creditEntrySchema),
  next_before: idSchema.nullable(),
});

export const reserveBody = z.strictObject({
  estimated_tokens: z.int().positive().max(1_000_000_000),
  gemini_model: shorteningModelSchema.optional(),
});
export const reservedSchema = z
  .object({ job_id: idSchema, credits_held: credits, expires_at: timestampSchema })
  .meta({ id: 'Reservation' });

export const grantBody = z.strictObject({
  /** Negative takes back, as far as they are available. */
  credits: z
    .number()
    .min(-1_000_000_000)
    .max(1_000_000_000)
    .multipleOf(0.001)
    // Zod takes 5e-324 for a multiple of 0.001.
    .refine((amount) => Math.abs(amount) >= 0.001, 'Expected another number than 0'),
  note: z.string().trim().max(500).optional(),
});

/** What a job used and what it cost. */
export const receiptSchema = z
  .object({
    job_id: idSchema,
    calls: z.int().min(0),
    tokens: z.int().min(0),
    /** The model, or the rules, that answered. */
    engine: z.string().nullable(),
    /** Null for a job that needs no credits. */
    credits: z
      .object({ held: credits, settled: credits.nullable(), returned: credits.nullable() })
      .nullable(),
    /** Null while the price of the model is not known: unknown is not nothing. */
    cost_usd: z.number().min(0).nullable(),
  })
  .meta({ id: 'Receipt' });
