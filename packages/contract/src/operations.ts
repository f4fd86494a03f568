import { z } from 'zod';

/** The process answers. */
export const healthSchema = z.object({ status: z.literal('ok') });

/** The process can do its work: its database answers. */
export const readinessSchema = z.object({ status: z.literal('ready') });

/** What operators watch, in the text format of Prometheus. */
export const metricsSchema = z.string();
