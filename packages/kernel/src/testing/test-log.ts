import type { KernelLog } from '../index.ts';

/** Keeps what was logged at info and above, so that a test can look at it. */
export interface TestLog extends KernelLog {
  readonly lines: { level: string; message: string; fields: object }[];
}

export function createTestLog(): TestLog {
  const lines: TestLog['lines'] = [];
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, message, fields });
  return { lines, debug: () => {}, info: at('info'), warn: at('warn'), error: at('error') };
}

export const silent: KernelLog = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
};
