import { ApiError, problemSchema, type CallResult, type Route } from '@scriptorium/contract';
import { renewSession } from './client.ts';

export interface SendOptions {
  readonly signal: AbortSignal;
  /** Bytes that have left, of the whole request. */
  readonly onProgress: (sent: number) => void;
}

/** The fields of a form; those without a value are left out. */
export type Form = Readonly<Record<string, Blob | string | number | undefined>>;

export interface FormAnswer<R extends Route> {
  readonly status: number;
  readonly body: CallResult<R>;
}

/**
 * Sends a form with a file in it. With XMLHttpRequest, because `fetch` tells nobody how much of a body has left; everything else goes
 * through `api.call`.
 *
 * @throws ApiError what the server refuses it with; an AbortError when it was cancelled
 */
export async function sendForm<const R extends Route>(
  route: R,
  form: Form,
  options: SendOptions,
): Promise<FormAnswer<R>> {
  const answer = await send(route, form, options);
  if (answer.status !== 401 || !(await renewSession())) return readAnswer(route, answer);
  return readAnswer(route, await send(route, form, options));
}

interface RawAnswer {
  readonly status: number;
  readonly text: string;
}

function send(route: Route, form: Form, { signal, onProgress }: SendOptions): Promise<RawAnswer> {
  signal.throwIfAborted();
  const request = new XMLHttpRequest();
  const stop = () => request.abort();
  signal.addEventListener('abort', stop, { once: true });
  return new Promise<RawAnswer>((resolve, reject) => {
    request.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded));
    request.addEventListener('load', () =>
      resolve({ status: request.status, text: request.responseText }),
    );
    request.addEventListener('error', () => reject(cutOff()));
    request.addEventListener('abort', () => reject(new DOMException('Cancelled', 'AbortError')));
    request.open(route.method, route.path);
    request.setRequestHeader('accept', 'application/json, application/problem+json');
    request.send(bodyOf(form));
  }).finally(() => signal.removeEventListener('abort', stop));
}

/** Files last: the server has seen every field when the file begins. */
function bodyOf(form: Form): FormData {
  const data = new FormData();
  const entries = Object.entries(form);
  for (const [name, value] of entries) {
    if (value !== undefined && !(value instanceof Blob)) data.set(name, String(value));
  }
  for (const [name, value] of entries) if (value instanceof Blob) data.set(name, value);
  return data;
}

function readAnswer<R extends Route>(route: R, { status, text }: RawAnswer): FormAnswer<R> {
  const body = parse(text);
  if (isAnswer(route, status, body)) return { status, body };
  throw refusalOf(status, text);
}

/** What a server, or something before it, has refused a request with. */
export function refusalOf(status: number, text: string): ApiError {
  const problem = problemSchema.safeParse(parse(text));
  if (problem.success) return new ApiError(problem.data);
  return new ApiError({
    type: 'about:blank',
    title: `Status ${status}`,
    status,
    code: 'client.foreign_answer',
    detail: text.slice(0, 200),
  });
}

function isAnswer<R extends Route>(route: R, status: number, body: unknown): body is CallResult<R> {
  return route.responses[status]?.safeParse(body).success === true;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function cutOff(): ApiError {
  return new ApiError({
    type: 'about:blank',
    title: 'The connection broke off',
    status: 0,
    code: 'client.unreachable',
    detail: 'The connection broke off before the whole file had arrived.',
  });
}
