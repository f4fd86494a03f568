import type { Readable } from 'node:stream';
import type { ErrorDeclarations, ProblemError, Route } from '@scriptorium/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Caller } from './access.ts';
import { FirstAnswer, sendFirstAnswer } from './idempotency.ts';
import { openApiSchema } from './openapi.ts';
import { describeIssues, describeUnstorable, invalidRequest } from './validation.ts';

/** One folder of the server: its routes, and the error codes that they may answer with. */
export interface Feature {
  readonly name: string;
  readonly errors?: ErrorDeclarations;
  register(app: FastifyInstance): void | Promise<void>;
}

type Part<R, Name extends string> = R extends { readonly [K in Name]: infer S extends z.ZodType }
  ? z.output<S>
  : undefined;

/** What a handler is given: the checked parts of the request, and who sent it. */
export interface RouteContext<R extends Route> {
  readonly params: Part<R, 'params'>;
  readonly query: Part<R, 'query'>;
  readonly body: Part<R, 'body'>;
  readonly user: R['access'] extends 'public' ? null : Caller;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

type Status<R extends Route> = keyof R['responses'] & number;
type Body<R extends Route, S extends Status<R>> =
  | z.input<R['responses'][S]>
  | (undefined extends z.input<R['responses'][S]> ? void : never)
  | (R extends { readonly streams: true } ? Readable : never);

/** A success with its status, for routes that have several. */
export class Answer<Status extends number, Body> {
  readonly status: Status;
  readonly body: Body;

  constructor(status: Status, body: Body) {
    this.status = status;
    this.body = body;
  }
}

/** `return answer(202, descriptions)`. */
export function answer<const Status extends number, Body>(
  status: Status,
  body: Body,
): Answer<Status, Body> {
  return new Answer(status, body);
}

type IsUnion<T, U = T> = T extends unknown ? ([U] extends [T] ? false : true) : never;

/** The body alone where a route has one success; {@link answer} where it has several. */
export type Result<R extends Route> =
  | { [S in Status<R>]: Answer<S, Body<R, S>> }[Status<R>]
  | (true extends IsUnion<Status<R>> ? never : Body<R, Status<R>>);

export type Handler<R extends Route> = (context: RouteContext<R>) => Result<R> | Promise<Result<R>>;

/**
 * Serves a route of the contract. Method, path, access, the check of the request, the check of the answer and the
 * reference all come from the contract:
 *
 * ```ts
 * route(app, routes.books.get, ({ params, user }) => findBook(pool, params.id, user.id));
 * ```
 */
export function route<const R extends Route>(
  app: FastifyInstance,
  definition: R,
  handler: Handler<R>,
): void {
  app.route({
    method: definition.method,
    url: definition.path,
    config: { contract: definition },
    schema: openApiSchema(definition),
    handler: async (request, reply) => {
      const context = { request, reply, user: request.user };
      parseInto(context, definition);
      let result;
      try {
        // Of a form, whoever reads it knows what it says.
        if (definition.form === undefined) request.named?.meet(request.body);
        result = await handler(context);
      } catch (error) {
        if (error instanceof FirstAnswer) return sendFirstAnswer(reply, error.answer);
        throw error;
      }
      const { status, body } =
        result instanceof Answer ? result : { status: onlyStatus(definition), body: result };
      return reply.code(status).send(body);
    },
  });
}

function onlyStatus(definition: Route): number {
  return Number(Object.keys(definition.responses)[0]);
}

/**
 * Adds the checked parts of the request to the context. All parts are checked, so that one answer names every mistake;
 * Fastify's own validation would stop at the first part, which is why it is off.
 */
function parseInto<R extends Route>(
  context: { request: FastifyRequest; user: Caller | null },
  definition: R,
): asserts context is RouteContext<R> {
  if (definition.access !== 'public' && context.user === null) {
    throw new TypeError(`${definition.path} is reached by a caller whom nobody has checked`);
  }
  const mistakes: ProblemError[] = [];
  for (const part of ['params', 'query', 'body'] as const) {
    const value: unknown = context.request[part] ?? undefined;
    const parsed = definition[part]?.safeParse(value);
    if (parsed?.error) mistakes.push(...describeIssues(part, parsed.error, value));
    mistakes.push(...describeUnstorable(part, parsed?.data));
    Object.assign(context, { [part]: parsed?.data });
  }
  if (mistakes.length > 0) throw invalidRequest(mistakes);
}
