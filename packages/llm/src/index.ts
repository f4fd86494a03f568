export {
  type DescribeInput,
  type DescribeResult,
  type Description,
  type DescriptionEngine,
  type DescriptionKind,
  type EngineLanguage,
  type RejectedDescription,
  UnsupportedLanguageError,
} from './description.ts';
export { offlineEngine } from './offline/engine.ts';
export {
  ground,
  type GroundedQuote,
  type Grounding,
  type QuoteToGround,
  type UnalignedQuote,
} from './grounding/ground.ts';
export type { CallBudget, CallMemo, ModelCall } from './models/calls.ts';
export { costOfTokens } from './models/cost.ts';
export { modelEngine, type ModelEngineOptions } from './models/engine.ts';
export { ModelBusyError, ModelError, type ModelErrorCode } from './models/errors.ts';
export { countWords } from './shorten/count-words.ts';
export {
  boundShortening,
  estimateShortening,
  type ShorteningBound,
  type ShorteningEstimate,
  type ShorteningSize,
} from './shorten/models/estimate.ts';
export { modelShortener } from './shorten/models/shortener.ts';
export { MODEL_TIERS, type ModelTier, type TierModel, tierModel } from './shorten/models/tiers.ts';
export { offlineShortener } from './shorten/offline/engine.ts';
export type {
  ShortenedSentence,
  ShortenHooks,
  Label,
  Shortener,
  ShortenRequest,
  ShortenResult,
} from './shorten/types.ts';
export { detectLanguage } from './sentences/detect-language.ts';
export { type SegmentationQuality, segmentationQuality } from './sentences/languages.ts';
export { type Sentence, segmentSentences } from './sentences/segment.ts';
