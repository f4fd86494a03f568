/** The three models that a person chooses among by what matters to them, and what a thousand tokens of each cost in credits. */

/** The values of `gemini_model`. */
export const MODEL_TIERS = ['balanced', 'quality', 'speed'] as const;

export type ModelTier = (typeof MODEL_TIERS)[number];

export interface TierModel {
  /** `provider/model`. */
  readonly model: string;
  /** Credits for 1,000 tokens, in and out together. */
  readonly creditFactor: number;
}

/**
 * A call has about as many tokens in as out. A thousand of them, half in and half out, cost in November 2026 0.25
 * thousandths of a US dollar with Flash-Lite, 1.4 with Flash, 5.6 with Pro: as 1 to 6 to 23. A credit, by these factors,
 * costs 0.25, 0.47 and 0.56 thousandths, and so never more than 0.6: that is what an operator has to ask for one. The
 * fast model is dearer than its tokens, because a thousand of them are not all that a book costs.
 */
const DEFAULTS: Readonly<Record<ModelTier, TierModel>> = {
  balanced: { model: 'google/gemini-2.5-flash', creditFactor: 3 },
  quality: { model: 'google/gemini-2.5-pro', creditFactor: 10 },
  speed: { model: 'google/gemini-2.5-flash-lite', creditFactor: 1 },
};

/** @param configured in place of the defaults; a model of another price wants another factor, too */
export function tierModel(
  tier: ModelTier,
  configured: Partial<Readonly<Record<ModelTier, Partial<TierModel>>>> = {},
): TierModel {
  return { ...DEFAULTS[tier], ...configured[tier] };
}
