export { startModelServer } from './model-server.ts';
export type { ModelRequest, ModelScript, ModelServer } from './model-server.ts';
export { reply } from './replies.ts';
export type { ModelReply, TokenUsage } from './replies.ts';
export { shortenedBy } from './shortening-script.ts';
