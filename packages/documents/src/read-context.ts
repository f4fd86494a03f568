import type { Limits } from './limits.ts';
import type { Warning, WarningSink } from './warnings.ts';

/** What every reader of a format is given besides the document. */
export interface ReadContext {
  limits: Limits;
  /** Filled by `warn`. */
  warnings: readonly Warning[];
  warn: WarningSink;
  fileName: string | undefined;
  signal: AbortSignal | undefined;
}
