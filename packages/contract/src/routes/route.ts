import { z } from 'zod';
import type { Scope } from '../accounts.ts';

/** `public`: anybody. `user`: whoever is signed in. `admin`: administrators and the owner. `owner`: the owner alone. */
export type Access = 'public' | 'user' | 'admin' | 'owner';

/** One endpoint, as the server serves it, the client calls it and the reference describes it. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute, with `:name` for a parameter. */
  readonly path: `/${string}`;
  readonly summary: string;
  readonly tag: string;
  readonly access: Access;
  /** What the caller must be allowed; without it, `read` for GET and `write` for everything else. */
  readonly scope?: Scope;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** The fields of a `multipart/form-data` body, which the handler reads as a stream. */
  readonly form?: z.ZodType;
  /** The answers that are successes; every other one is a problem document. */
  readonly responses: Readonly<Record<number, z.ZodType>>;
  /** With `Accept: text/event-stream` it answers with server-sent events. */
  readonly streams?: true;
  /** Counted against this limit of its caller, before its body is read. */
  readonly limit?: 'submissions';
  /** A one-time ticket in the query (`?ticket=`) lets in a reader that cannot send headers. */
  readonly ticket?: true;
}

/** Keeps the literal types of a table of routes. */
export function defineRoutes<const Routes extends Readonly<Record<string, Route>>>(
  table: Routes,
): Routes {
  return table;
}

export const NO_CONTENT = z.undefined().describe('No content');
