import type { ConnectOptions } from './session/connect.ts';

/** What every command is given. */
export interface Context extends ConnectOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly out: NodeJS.WriteStream;
  /** The user wants JSON on standard output and nothing else. */
  readonly isJson: boolean;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Writes lines for people; nothing if JSON is wanted. */
export function say(
  { out, isJson }: Pick<Context, 'out' | 'isJson'>,
  lines: readonly string[],
): void {
  if (!isJson) out.write(lines.map((line) => `${line}\n`).join(''));
}

/** Writes a value on one line for programs; nothing if JSON is not wanted. */
export function tell({ out, isJson }: Pick<Context, 'out' | 'isJson'>, value: unknown): void {
  if (isJson) out.write(`${JSON.stringify(value)}\n`);
}
