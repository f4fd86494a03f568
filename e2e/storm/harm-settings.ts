import path from 'node:path';

/** Whoever sends a text with this word to a model runs out of memory. */
export const POISON = 'strychnine';

/** What {@link harmful} tells a process, in variables of its environment. */
export const SETTINGS = {
  /** Milliseconds by which its clock is ahead; negative: behind. */
  clockAhead: 'STORM_CLOCK_AHEAD_MS',
  /** While this file is there, nothing can be written below its folder. Absent: the folder is on a disk that really fills up. */
  fullFlag: 'STORM_FULL_FLAG',
} as const;

const HEAP_MIB = 192;

/** The environment of a process that can be harmed from within. Its children inherit it, but for those that get none. */
export function harmful(settings: {
  readonly clockAheadMs: number;
  readonly fullFlag: string | undefined;
}): NodeJS.ProcessEnv {
  return {
    NODE_OPTIONS: `--import=${path.join(import.meta.dirname, 'harm.ts')} --max-old-space-size=${HEAP_MIB}`,
    [SETTINGS.clockAhead]: String(settings.clockAheadMs),
    ...(settings.fullFlag === undefined ? {} : { [SETTINGS.fullFlag]: settings.fullFlag }),
  };
}
