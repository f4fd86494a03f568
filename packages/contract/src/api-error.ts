import { z } from 'zod';
import { problemSchema, type Problem } from './errors.ts';

/** An answer that is not a success. `code` is what programs switch on; the message is what people read. */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.detail, options);
    this.name = 'ApiError';
    this.problem = problem;
  }

  get code(): string {
    return this.problem.code;
  }

  /** The HTTP status; 0 when nothing answered. */
  get status(): number {
    return this.problem.status;
  }

  /** True when the same request may well succeed later. */
  get isTemporary(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** The error for an answer outside 2xx, also when something in between (a proxy) wrote it. */
export async function toApiError(response: Response): Promise<ApiError> {
  const text = await response.text();
  const parsed = problemSchema.safeParse(parseJson(text));
  if (parsed.success) return new ApiError(parsed.data);
  return new ApiError({
    type: 'about:blank',
    title: response.statusText || `Status ${response.status}`,
    status: response.status,
    code: 'client.foreign_answer',
    detail: `${response.url} answered ${response.status} without a problem document: ${text.slice(0, 200)}`,
  });
}

/** The error when no answer came at all. */
export function unreachable(url: URL, cause: unknown): ApiError {
  const problem = {
    type: 'about:blank',
    title: 'Nothing answers',
    status: 0,
    code: 'client.unreachable',
    detail: `Nothing answers at ${url.origin}. Is the server running, and is this its address?`,
  };
  return new ApiError(problem, { cause });
}

/** The error for a success that is not what the contract promises: client and server differ in version. */
export function unexpectedAnswer(response: Response, cause?: z.ZodError): ApiError {
  const mistakes = cause === undefined ? '' : `:\n${z.prettifyError(cause)}`;
  const problem = {
    type: 'about:blank',
    title: 'The answer is not what this client knows',
    status: response.status,
    code: 'client.unexpected_answer',
    detail: `${response.url} answered ${response.status} in a form this client does not know; use the client that belongs to the server${mistakes}`,
  };
  return new ApiError(problem, { cause });
}

/** What `text` stands for, or undefined when it is not JSON: a schema then refuses it with a message of its own. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
