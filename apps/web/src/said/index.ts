export type { Teller } from './teller.ts';
export { pageReason, useErrorLine, useTeller, waitReason } from './use-teller.ts';
