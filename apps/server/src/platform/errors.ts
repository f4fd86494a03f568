import {
  defineErrors,
  type ErrorDeclaration,
  type ErrorDeclarations,
  type Params,
  type ProblemCode,
  type ProblemError,
  type ProblemParams,
} from '@scriptorium/contract';

/** Errors that any request can meet, whatever feature answers it. */
export const platformErrors = defineErrors({
  'request.invalid': { status: 400, title: 'The request has values that cannot be used' },
  'request.malformed': { status: 400, title: 'The request cannot be read' },
  'request.aborted': { status: 400, title: 'The sender went away in the middle of the request' },
  'request.unknown_route': { status: 404, title: 'There is nothing at this address' },
  'request.too_large': { status: 413, title: 'The request is too large' },
  'request.unsupported_media_type': {
    status: 415,
    title: 'The body has a form that is not accepted here',
  },
  'request.idempotency_key_reused': {
    status: 422,
    title: 'The idempotency key belongs to another request',
  },
  'request.in_progress': { status: 409, title: 'The same request is still being answered' },
  'request.rate_limited': { status: 429, title: 'Too many requests of this kind' },
  'request.cross_site': { status: 403, title: 'The request comes from another site' },
  'request.prefetch': { status: 403, title: 'A prefetch must not start work' },
  'auth.required': { status: 401, title: 'Sign in first' },
  'auth.forbidden': { status: 403, title: 'This is not allowed to the caller' },
  'server.error': { status: 503, title: 'The server made a mistake' },
  'server.unavailable': { status: 503, title: 'The server cannot answer at the moment' },
  'server.stopping': { status: 503, title: 'The server is stopping' },
  'server.disk_full': { status: 507, title: 'The disk of the server is full' },
});

export interface AppErrorOptions {
  /** What happened this time, with the offending value, and what to do next. */
  readonly detail: string;
  /** The values that the detail names, as far as the code declares them. */
  readonly params?: Params | undefined;
  readonly errors?: readonly ProblemError[];
  /** Seconds. */
  readonly retryAfter?: number;
  readonly cause?: unknown;
}

/** An error that a caller is meant to see. Made by the factory of a feature, see {@link errorFactory}. */
export class AppError extends Error {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly params: Params | undefined;
  readonly errors: readonly ProblemError[] | undefined;
  readonly retryAfter: number | undefined;

  constructor(code: string, status: number, title: string, options: AppErrorOptions) {
    super(options.detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.status = status;
    this.title = title;
    this.params = options.params;
    this.errors = options.errors;
    this.retryAfter = options.retryAfter;
  }

  get detail(): string {
    return this.message;
  }
}

/** A code that declares values has to be given them, or nobody could say it in another language. */
type OptionsFor<Code extends ProblemCode> = AppErrorOptions &
  ([keyof ProblemParams<Code>] extends [never]
    ? { readonly params?: undefined }
    : { readonly params: ProblemParams<Code> });

/**
 * Makes the errors of one feature: `const bookError = errorFactory(bookErrors)`, then
 * `throw bookError('book.not_found', { detail: 'There is no book 12 among your books.' })`.
 */
export function errorFactory<Declarations extends Partial<Record<ProblemCode, ErrorDeclaration>>>(
  declarations: Declarations,
) {
  return <Code extends keyof Declarations & ProblemCode>(
    code: Code,
    options: OptionsFor<Code>,
  ): AppError => {
    const declaration = declarations[code];
    if (declaration === undefined) throw new TypeError(`${code} is not declared`);
    return new AppError(code, declaration.status, declaration.title, options);
  };
}

export const platformError = errorFactory(platformErrors);

/** Every code the server may answer with. */
export type ErrorRegistry = ReadonlyMap<string, ErrorDeclarations[string]>;

/** @throws TypeError for a code that two features declare: its meaning would depend on who speaks */
export function assembleErrors(all: readonly ErrorDeclarations[]): ErrorRegistry {
  const registry = new Map<string, ErrorDeclarations[string]>();
  for (const [code, declaration] of all.flatMap(Object.entries)) {
    if (registry.has(code)) throw new TypeError(`The error code ${code} is declared twice`);
    registry.set(code, declaration);
  }
  return registry;
}
