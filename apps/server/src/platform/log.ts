import { stripVTControlCharacters, styleText } from 'node:util';
import { pino, type Logger } from 'pino';
import type { Config } from '../config.ts';

export type Log = Logger;

/** Names under which secrets travel; their values never reach a log, at up to four levels of nesting. */
const SECRET_NAMES = [
  'authorization',
  'cookie',
  '["set-cookie"]',
  '["x-api-key"]',
  'password',
  'token',
  'access_token',
  'refresh_token',
  'ticket',
  'key',
  'apiKey',
  'api_key',
  'secret',
];

const REDACTED_PATHS = SECRET_NAMES.flatMap((name) =>
  ['', '*', '*.*', '*.*.*'].map((prefix) =>
    prefix === '' || name.startsWith('[') ? `${prefix}${name}` : `${prefix}.${name}`,
  ),
);

/** Where lines go; a stream or a test's list. */
export interface LogSink {
  write(line: string): void;
}

/** Opens the process's log: JSON lines for machines, or one readable line a message in a terminal. */
export function openLog(
  { logLevel, logFormat }: Pick<Config, 'logLevel' | 'logFormat'>,
  sink: LogSink = process.stdout,
): Log {
  const isPretty = logFormat === 'pretty' || (logFormat === 'auto' && process.stdout.isTTY);
  const destination = isPretty ? { write: (line: string) => sink.write(prettyLine(line)) } : sink;
  return pino(
    {
      level: logLevel,
      base: null,
      redact: { paths: REDACTED_PATHS, censor: '[hidden]' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
    },
    destination,
  );
}

/**
 * Only these: drivers hang whole rows and frameworks whole schemas on their errors. The stack has the causes too.
 */
function describeError(error: unknown): object {
  const { type, message, stack, code, table, constraint } = pino.stdSerializers.err(
    error instanceof Error ? error : new Error(String(error)),
  );
  return { type, message, stack, code, table, constraint };
}

const COLOURS = new Map<string, Parameters<typeof styleText>[0]>([
  ['fatal', 'red'],
  ['error', 'red'],
  ['warn', 'yellow'],
  ['info', 'green'],
]);

/** `12:04:05 warn  message  a=1 b=x`, then the stack of an error; pino-pretty would be one more dependency. */
function prettyLine(line: string): string {
  const { time, level, msg, err, ...fields }: Record<string, unknown> = JSON.parse(line);
  const label = String(level);
  const details = Object.entries(fields).map(([name, value]) => `${name}=${shown(value)}`);
  const parts = [
    String(time).slice(11, 19),
    styleText(COLOURS.get(label) ?? 'gray', label.padEnd(5)),
    printable(textOf(msg)),
    styleText('gray', details.join(' ')),
  ];
  const stack = isObject(err) ? `\n${printable(textOf(err['stack']))}` : '';
  return `${parts.join(' ').trimEnd()}${stack}\n`;
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /^[^\s"=]+$/u.test(text) ? printable(text) : JSON.stringify(value);
}

/** A title or a file name must not be able to move the cursor of the operator's terminal. */
function printable(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/[^\P{Cc}\t\n]/gu, '');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
