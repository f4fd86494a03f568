import {
  ApiError,
  bookUploadedSchema,
  problemSchema,
  routes,
  type Book,
} from '@scriptorium/contract';
import { renewSession } from '../../../api/client.ts';

export interface SendOptions {
  readonly signal: AbortSignal;
  /** Bytes that have left, of the whole request. */
  readonly onProgress: (sent: number) => void;
}

export interface Sent {
  readonly book: Book;
  /** False for a book that was there already. */
  readonly isNew: boolean;
}

/**
 * Hands a book in. With XMLHttpRequest, because `fetch` tells nobody how much of a body has left.
 *
 * @throws ApiError what the server refuses it with; the signal's reason when it was cancelled
 */
export async function sendFile(file: File, options: SendOptions): Promise<Sent> {
  const answer = await send(file, options);
  if (answer.status !== 401 || !(await renewSession())) return readAnswer(answer);
  return readAnswer(await send(file, options));
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function send(file: File, { signal, onProgress }: SendOptions): Promise<Answer> {
  signal.throwIfAborted();
  const request = new XMLHttpRequest();
  const stop = () => request.abort();
  signal.addEventListener('abort', stop, { once: true });
  return new Promise<Answer>((resolve, reject) => {
    request.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded));
    request.addEventListener('load', () =>
      resolve({ status: request.status, text: request.responseText }),
    );
    request.addEventListener('error', () => reject(cutOff()));
    request.addEventListener('abort', () => reject(new DOMException('Cancelled', 'AbortError')));
    request.open(routes.books.upload.method, routes.books.upload.path);
    request.setRequestHeader('accept', 'application/json, application/problem+json');
    const form = new FormData();
    form.set('file', file);
    request.send(form);
  }).finally(() => signal.removeEventListener('abort', stop));
}

function readAnswer({ status, text }: Answer): Sent {
  const answer: unknown = parse(text);
  if (status === 200 || status === 201) {
    return { book: bookUploadedSchema.parse(answer).book, isNew: status === 201 };
  }
  const problem = problemSchema.safeParse(answer);
  if (problem.success) throw new ApiError(problem.data);
  throw new ApiError({
    type: 'about:blank',
    title: `Status ${status}`,
    status,
    code: 'client.foreign_answer',
    detail: text.slice(0, 200),
  });
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
