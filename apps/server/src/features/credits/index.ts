export { createCreditsFeature } from './credits.routes.ts';
export { presentEntry } from './present-credits.ts';
