import type { Kernel, Queryable } from '@scriptorium/kernel';
import type { ParserProcesses } from '../../platform/parsing/parser-processes.ts';
import type { UploadLimits } from '../../platform/uploads.ts';
import type { Shorteners } from './shorteners.ts';

/** What the feature stands on. */
export interface NovelsOptions {
  readonly db: Queryable;
  readonly kernel: Kernel;
  readonly parser: ParserProcesses;
  readonly limits: UploadLimits & { readonly novelMaxPages: number };
  readonly shorteners: Shorteners;
}
