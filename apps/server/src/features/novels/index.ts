export { chooseModel } from './choose-model.ts';
export { createNovelsPipeline } from './novels.pipeline.ts';
export { createNovelsFeature } from './novels.routes.ts';
export { retryCredits } from './retry-credits.ts';
export { createShorteners, type ShortenerChoice, type Shorteners } from './shorteners.ts';
