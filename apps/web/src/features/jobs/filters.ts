/** What the address may ask for: a state of the contract, or all that has not ended. */
export const STATUS_FILTERS = [
  'open',
  'pending',
  'processing',
  'completed',
  'failed',
  'cancelled',
] as const;
export const PIPELINES = ['books', 'novels'] as const;

/** The filters of the list, as they stand in the address. */
export interface JobFilters {
  readonly q?: string;
  readonly status?: (typeof STATUS_FILTERS)[number];
  readonly pipeline?: (typeof PIPELINES)[number];
}
