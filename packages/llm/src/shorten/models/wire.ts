/** The form that an answer is asked for in; apart from what reads it, so that estimates load no library of a provider. */

import { z } from 'zod';

/** Plain, with everything required: strict modes refuse optional fields, and limits are checked in code. */
export const wireSchema = z.object({
  items: z.array(z.object({ id: z.string(), sentences: z.array(z.string()) })),
});

/** Roughly as it is sent, to count its tokens. */
export const SCHEMA_TEXT = JSON.stringify(z.toJSONSchema(wireSchema, { target: 'draft-7' }));
