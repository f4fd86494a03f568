/** When a provider says it may be asked again. */

/** A day: a longer wait is a mistake of a clock, or a limit that people must settle. */
const LONGEST_SECONDS = 86_400;
/** Providers answer a daily limit with the seconds until the next minute; asking every minute all day helps nobody. */
const DAILY_LIMIT_SECONDS = 3600;
const DAILY_LIMIT = /per[\s_-]?day|daily/iu;
/** Gemini has no header, but says so in the body: `"retryDelay": "15s"`. */
const RETRY_INFO = /"retryDelay"\s*:\s*"(\d+(?:\.\d+)?)s"/u;

export interface BusyResponse {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Milliseconds since 1970, for a `Retry-After` that is a date. */
  readonly now: number;
  /** Without a word from the provider. */
  readonly defaultSeconds: number;
}

/** Whole seconds to wait, from 1 to 86,400. */
export function retryAfterSeconds({ headers, body, now, defaultSeconds }: BusyResponse): number {
  const told =
    millisecondsHeader(headers['retry-after-ms']) ??
    retryAfterHeader(headers['retry-after'], now) ??
    retryInfo(body);
  const seconds = DAILY_LIMIT.test(body)
    ? Math.max(told ?? 0, DAILY_LIMIT_SECONDS)
    : (told ?? defaultSeconds);
  return Math.min(LONGEST_SECONDS, Math.max(1, Math.ceil(seconds)));
}

function millisecondsHeader(value: string | undefined): number | undefined {
  const seconds = Number(value ?? Number.NaN) / 1000;
  return Number.isFinite(seconds) ? seconds : undefined;
}

function retryAfterHeader(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return seconds;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : (date - now) / 1000;
}

function retryInfo(body: string): number | undefined {
  const delay = RETRY_INFO.exec(body)?.[1];
  return delay === undefined ? undefined : Number(delay);
}
