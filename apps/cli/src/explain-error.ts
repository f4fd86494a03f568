import { inspect, styleText } from 'node:util';
import { ApiError } from '@scriptorium/contract';
import { CliError } from './cli-error.ts';
import { COLUMNS, plain, wrap } from './terminal/text.ts';

/** An error as the user is told of it. */
interface Explanation {
  readonly message: string;
  readonly code: string | undefined;
  readonly details: readonly string[];
  readonly remedy: string | undefined;
}

/** For people: the message, then the code and what to do. */
export function explainError(error: unknown): string {
  const { message, code, details, remedy } = explanationOf(error);
  const faint = (text: string) => styleText('dim', text, { stream: process.stderr });
  const lines = [
    ...(message.includes('\n') ? message.split('\n') : wrap(message, COLUMNS - 2)),
    ...details.map((detail) => `  ${detail}`),
    ...(code === undefined ? [] : [`  ${faint('code')}  ${code}`]),
    ...(remedy === undefined ? [] : [`  ${faint('do')}    ${remedy}`]),
  ];
  return `${styleText('red', lines[0] ?? '', { stream: process.stderr })}\n${lines.slice(1).join('\n')}\n`;
}

/** For programs: one line of JSON. */
export function explainErrorAsJson(error: unknown): string {
  if (error instanceof ApiError) return `${JSON.stringify({ error: error.problem })}\n`;
  const { message, code = 'cli.bug', remedy } = explanationOf(error);
  return `${JSON.stringify({ error: { code, detail: message, remedy } })}\n`;
}

function explanationOf(error: unknown): Explanation {
  if (error instanceof ApiError) {
    const message = plain(error.message);
    const mistakes = error.problem.errors?.map((each) => plain(`${each.path}: ${each.message}`));
    // The message of some names its mistakes itself.
    const details = (mistakes ?? []).filter((mistake) => !message.includes(mistake));
    return { message, code: error.code, details, remedy: remedyFor(error) };
  }
  if (error instanceof CliError) {
    return { message: error.message, code: error.code, details: [], remedy: error.remedy };
  }
  // A bug: whoever reports it needs the stack.
  return { message: inspect(error), code: undefined, details: [], remedy: undefined };
}

function remedyFor(error: ApiError): string | undefined {
  const { code, status, problem } = error;
  if (code === 'client.unreachable') return 'scriptorium start, or name another one with --server';
  if (status === 401) return 'scriptorium login';
  if (problem.retry_after !== undefined) return `try again in ${problem.retry_after} s`;
  return undefined;
}
