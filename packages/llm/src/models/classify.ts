/**
 * From whatever a call threw to what it means for us. The library's errors hold the whole request, and so the book; what
 * we throw does not pass them on as causes, or the book would stand in logs.
 */

import {
  APICallError,
  type FinishReason,
  JSONParseError,
  type LanguageModelUsage,
  NoObjectGeneratedError,
  TypeValidationError,
} from 'ai';
import { ModelBusyError, ModelError } from './errors.ts';
import { retryAfterSeconds } from './retry-after.ts';

/**
 * `refused`, `overflow` and `unusable` are answers of a kind: the window is then given up, halved, or asked for in
 * another way. Everything else ends the chapter's attempt.
 */
export type Setback =
  | { readonly outcome: 'refused' | 'overflow' }
  | {
      readonly outcome: 'unusable';
      readonly why: string;
      /** What came, for those who can use a part of it. */
      readonly text: string;
    }
  | { readonly outcome: 'failed'; readonly error: ModelError };

export interface Classified {
  readonly setback: Setback;
  /**
   * What the provider says was used. `nothing`: it turned the call away unread, which costs nothing. Absent: nobody knows
   * how far it got.
   */
  readonly usage: LanguageModelUsage | 'nothing' | undefined;
}

interface CallFacts {
  /** `provider/model`, for messages. */
  readonly model: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const BUSY_SECONDS = 30;
const OVERLOADED_SECONDS = 20;
/** 503, and the 529 of Anthropic. */
const OVERLOADED = new Set([503, 529]);

/**
 * Only OpenAI has a code for a text that is too long; the others say it in words, which is why words are looked at here.
 */
const OVERFLOW =
  /context_length_exceeded|context (?:length|window|size)|prompt is too long|input is too long|too many (?:input )?tokens|maximum number of tokens|token count[^.]*exceeds/iu;
const NO_CREDIT = /insufficient_quota|credit balance|insufficient credits/iu;

/** @returns undefined for what no model and no network can have caused: a bug, to be thrown on */
export function classify(error: unknown, facts: CallFacts): Classified | undefined {
  if (NoObjectGeneratedError.isInstance(error)) {
    return { setback: setbackOf(error), usage: error.usage };
  }
  if (!APICallError.isInstance(error)) return undefined;
  const status = error.statusCode;
  const isUnreadable =
    JSONParseError.isInstance(error.cause) || TypeValidationError.isInstance(error.cause);
  // The body of a success is no JSON, or not that of this protocol: paid for, and nobody knows how much.
  if (isUnreadable && status !== undefined && status < 300) {
    return { setback: { outcome: 'unusable', why: error.message, text: '' }, usage: undefined };
  }
  if (status === undefined || status < 300) return fromConnection(error, facts);
  return { setback: fromStatus(status, error, facts), usage: 'nothing' };
}

interface Ending {
  readonly finishReason: FinishReason | undefined;
  readonly text: string | undefined;
  readonly response: unknown;
}

/** An answer without any text is no error to the library. @returns undefined for one that has some */
export function setbackIn(result: Ending): Setback | undefined {
  return result.text === '' ? setbackOf(result) : undefined;
}

function setbackOf({ finishReason, text = '', response }: Ending): Setback {
  if (finishReason === 'content-filter' || refusalIn(response)) return { outcome: 'refused' };
  const why =
    finishReason === 'length'
      ? `it was cut off after ${text.length} characters`
      : `it begins ${JSON.stringify(text.slice(0, 80))}`;
  return { outcome: 'unusable', why, text };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** A refusal by the model itself, in a field that the library for compatible servers does not look at. */
function refusalIn(response: unknown): boolean {
  const body = isRecord(response) ? response['body'] : undefined;
  const choices = isRecord(body) && Array.isArray(body['choices']) ? body['choices'] : [];
  return choices.some((choice: unknown) => {
    const message = isRecord(choice) ? choice['message'] : undefined;
    return isRecord(message) && typeof message['refusal'] === 'string';
  });
}

function fromConnection(error: APICallError, { model }: CallFacts): Classified {
  const failure = new ModelError(
    'llm.unreachable',
    `The connection to ${model} failed: ${error.message}. It is tried again; if this goes on, check the address and the network.`,
    true,
    { cause: error.cause },
  );
  return { setback: { outcome: 'failed', error: failure }, usage: undefined };
}

function fromStatus(status: number, error: APICallError, facts: CallFacts): Setback {
  const said = `${error.message} ${error.responseBody ?? ''}`;
  if ((status === 400 || status === 413) && OVERFLOW.test(said)) return { outcome: 'overflow' };
  return { outcome: 'failed', error: failureOf(status, said, error, facts) };
}

function failureOf(
  status: number,
  said: string,
  error: APICallError,
  { model, now }: CallFacts,
): ModelError {
  const answered = `${model} answered ${status} (${error.message.slice(0, 300)})`;
  // The same 429 as a rate limit, but no waiting helps.
  if (status === 402 || NO_CREDIT.test(said)) {
    const message = `${answered}: the account has no credit left. Add credit there, or choose another model.`;
    return new ModelError('llm.no_credit', message, false);
  }
  // Gemini answers a wrong key with a 400.
  if (status === 401 || status === 403 || /API_KEY_INVALID/u.test(said)) {
    const message = `${answered}: the API key is wrong or may not use this model. Correct the key.`;
    return new ModelError('llm.bad_key', message, false);
  }
  if (status === 429 || OVERLOADED.has(status)) {
    const seconds = retryAfterSeconds({
      headers: error.responseHeaders ?? {},
      body: error.responseBody ?? '',
      now,
      defaultSeconds: status === 429 ? BUSY_SECONDS : OVERLOADED_SECONDS,
    });
    const cause = status === 429 ? 'has reached its limit' : 'is overloaded';
    return new ModelBusyError(`${model} ${cause}; next try in ${seconds} s.`, seconds);
  }
  if (status === 404) {
    const message = `${answered}: there is no such model at this address. Correct its name.`;
    return new ModelError('llm.bad_model', message, false);
  }
  if (status >= 500 || status === 408 || status === 409) {
    return new ModelError('llm.unreachable', `${answered}. It is tried again.`, true);
  }
  const message = `${answered}: it does not accept this request. Choose another model, or report this.`;
  return new ModelError('llm.bad_request', message, false);
}
