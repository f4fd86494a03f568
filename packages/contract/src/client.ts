import type { z } from 'zod';
import { ApiError, parseJson, toApiError, unreachable, unexpectedAnswer } from './api-error.ts';
import { isTerminalEvent, jobEventSchema, type JobEvent } from './jobs.ts';
import { routes, type Route } from './routes.ts';
import { readServerSentEvents } from './sse.ts';

type In<R, Part extends string> = R extends { readonly [K in Part]: infer Schema extends z.ZodType }
  ? undefined extends z.input<Schema>
    ? { readonly [K in Part]?: z.input<Schema> }
    : { readonly [K in Part]: z.input<Schema> }
  : { readonly [K in Part]?: undefined };

interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent also when the page that sends it is being closed. For small requests: browsers keep 64 kB of them. */
  readonly keepalive?: boolean;
}

/** What a call of a route takes: exactly the parts that the route declares. */
export type CallInput<R extends Route> = In<R, 'params'> &
  In<R, 'query'> &
  In<R, 'body'> &
  In<R, 'form'> &
  CallOptions;

/** The same without its types, for the code that serves every route. */
interface AnyInput extends CallOptions {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
  readonly form?: unknown;
}

/** What a call of a route gives: the union of its successes. */
export type CallResult<R extends Route> = z.output<ResponseSchema<R>>;

type ResponseSchema<R extends Route> = R['responses'][keyof R['responses'] & number];

export interface ClientOptions {
  /** Such as `http://127.0.0.1:8080`; in a browser, `location.origin`. */
  readonly baseUrl: string;
  /** An API key or an access token. Without one, a browser's session cookie speaks for the caller. */
  readonly token?: string;
  /** Asked before every request, for tokens that are renewed. Wins over `token`. */
  readonly getToken?: () => string | undefined | Promise<string | undefined>;
  readonly fetch?: typeof fetch;
}

export interface EventsOptions {
  /** The last sequence number that is known already. */
  readonly after?: number;
  readonly signal?: AbortSignal;
}

export interface Client {
  /**
   * Calls a route: `client.call(routes.books.get, { params: { id: 12 } })`. A file is handed in as
   * `form: { file: new File([blob], 'emma.epub') }`; a blob from `fs.openAsBlob` is not read into memory.
   *
   * @throws ApiError for every answer that is not a success, and when nothing answers (`client.unreachable`)
   * @throws the signal's reason once it is aborted
   */
  call<const R extends Route>(route: R, input: CallInput<R>): Promise<CallResult<R>>;

  /**
   * Every event of a job after `after`, in order and each once, up to the one that ends the job. A lost connection is taken
   * up again where it broke off, for as long as the signal allows.
   *
   * @throws ApiError when the server refuses, such as for a job that does not exist
   * @throws the signal's reason once it is aborted
   */
  events(jobId: number, options?: EventsOptions): AsyncGenerator<JobEvent, void, undefined>;
}

/** A client for everything in the route table. */
export function createClient(options: ClientOptions): Client {
  const send = options.fetch ?? fetch;

  async function request(route: Route, input: AnyInput, accept: string): Promise<Response> {
    const token = (await options.getToken?.()) ?? options.token;
    const url = new URL(pathOf(route, input.params) + queryOf(input.query), options.baseUrl);
    const init: RequestInit = {
      method: route.method,
      headers: {
        accept: `${accept}, application/problem+json`,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(input.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...input.headers,
      },
      ...bodyOf(input),
      signal: input.signal ?? null,
      keepalive: input.keepalive ?? false,
    };
    const response = await send(url, init).catch((error: unknown) => {
      input.signal?.throwIfAborted();
      throw unreachable(url, error);
    });
    if (!response.ok) throw await toApiError(response);
    return response;
  }

  async function call<const R extends Route>(
    route: R,
    input: CallInput<R>,
  ): Promise<CallResult<R>> {
    const response = await request(route, input, 'application/json');
    const body: unknown = response.status === 204 ? undefined : parseJson(await response.text());
    assertAnswer(route, response, body);
    return body;
  }

  async function* events(jobId: number, { after = 0, signal }: EventsOptions = {}) {
    let last = after;
    for (let failures = 0; ; failures += 1) {
      let broken: unknown;
      try {
        const response = await request(
          routes.jobs.events,
          {
            params: { id: jobId },
            query: { after: last },
            headers: { 'last-event-id': String(last) },
            signal,
          },
          'text/event-stream',
        );
        for await (const event of eventsOf(response)) {
          failures = 0;
          if (event.seq <= last) continue;
          last = event.seq;
          yield event;
          if (isTerminalEvent(event)) return;
        }
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof ApiError && !error.isTemporary) throw error;
        broken = error;
      }
      await pause(reconnectDelayMs(failures, broken), signal);
    }
  }

  return { call, events };
}

async function* eventsOf(response: Response): AsyncGenerator<JobEvent, void, undefined> {
  if (response.body === null) throw unexpectedAnswer(response);
  for await (const message of readServerSentEvents(response.body)) {
    // The server has ended the stream, because we were too slow or what we have shown is not good any more. The caller's loop
    // takes it up again, and is refused where that is for ever.
    if (message.event === 'stream.dropped' || message.event === 'stream.ended') return;
    const parsed = jobEventSchema.safeParse(parseJson(message.data));
    if (!parsed.success) throw unexpectedAnswer(response, parsed.error);
    yield parsed.data;
  }
}

/** Response schemas transform nothing, so what passes them is the answer as it is. */
function assertAnswer<R extends Route>(
  route: R,
  response: Response,
  body: unknown,
): asserts body is CallResult<R> {
  const parsed = route.responses[response.status]?.safeParse(body);
  if (!parsed?.success) throw unexpectedAnswer(response, parsed?.error);
}

function pathOf(route: Route, params: unknown): string {
  const values = new Map(Object.entries(params ?? {}));
  return route.path.replaceAll(/:(\w+)/gu, (_, name: string) =>
    encodeURIComponent(String(values.get(name))),
  );
}

function queryOf(query: unknown): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}

function bodyOf({ body, form }: AnyInput): Pick<RequestInit, 'body'> {
  if (body !== undefined) return { body: JSON.stringify(body) };
  if (form === undefined) return {};
  const data = new FormData();
  // Files last: a server that streams the body has seen every field when the file begins.
  const entries = Object.entries(form ?? {}).filter(([, value]) => value !== undefined);
  for (const [name, value] of entries) if (!(value instanceof Blob)) data.set(name, String(value));
  for (const [name, value] of entries) if (value instanceof Blob) data.set(name, value);
  return { body: data };
}

/** Doubles from 250 ms to 10 s, with full jitter; a server that names a time is obeyed. */
function reconnectDelayMs(failures: number, error: unknown): number {
  const asked = error instanceof ApiError ? error.problem.retry_after : undefined;
  if (asked !== undefined) return asked * 1000;
  return Math.random() * Math.min(10_000, 250 * 2 ** failures);
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason instanceof Error ? signal.reason : new Error('Aborted'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
