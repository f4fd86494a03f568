import type { Role, Route, Scope } from '@scriptorium/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { platformError } from './errors.ts';

/** Who sent a request, and by what it was recognised. */
export interface Caller {
  readonly id: number;
  readonly role: Role;
  readonly scopes: readonly Scope[];
  readonly via: 'token' | 'key' | 'cookie' | 'ticket';
  /** When what was shown has to be shown anew, for connections that stay open. */
  readonly expiresAt?: Date;
  /** Of somebody who is signed in; keys have none. */
  readonly sessionId?: number;
  /** Of a program that shows an API key. */
  readonly keyId?: number;
}

/** Why somebody may not go on with what they were let in to: it has to be shown anew, or is not good any more. */
export type AccessEnd = 'expired' | 'revoked';

/** Looks after connections that stay open long after their caller was recognised. */
export interface AccessWatch {
  /** Calls `onEnd` once, when the caller may not go on. Returns the function that ends the watch. */
  watch(caller: Caller, onEnd: (end: AccessEnd) => void): () => void;
  /** Looks at all of them now, and tells those that may not go on before it resolves. */
  look(): Promise<void>;
}

/** What a request shows to be let in. */
export type Credential =
  | { readonly kind: 'bearer' | 'key' | 'cookie'; readonly value: string }
  | { readonly kind: 'ticket'; readonly value: string; readonly jobId: number };

/** Finds out who stands behind a credential; throws an error with status 401 for one that is not good. */
export type Authenticate = (credential: Credential) => Promise<Caller>;

/** The cookie that holds the access token of a browser's session. */
export const SESSION_COOKIE = 'scriptorium_session';

declare module 'fastify' {
  interface FastifyContextConfig {
    contract?: Route;
  }
  interface FastifyInstance {
    publicUrl: string | undefined;
  }
  interface FastifyRequest {
    /** Null on public routes, where nobody is asked. */
    user: Caller | null;
  }
}

/** Checks every route of the contract before its body is read. */
export function guardRoutes(
  app: FastifyInstance,
  publicUrl: string | undefined,
  authenticate: Authenticate,
): void {
  app.decorate('publicUrl', publicUrl);
  app.decorateRequest('user', null);
  app.addHook('onRequest', async (request) => {
    const { contract } = request.routeOptions.config;
    if (contract === undefined || contract.access === 'public') return;
    request.user = await admit(request, contract, authenticate);
  });
}

async function admit(
  request: FastifyRequest,
  contract: Route,
  authenticate: Authenticate,
): Promise<Caller> {
  const isReading = contract.method === 'GET';
  const credential = credentialOf(request, contract);
  if (credential === undefined) {
    throw platformError('auth.required', {
      detail: `${contract.method} ${contract.path} needs an access token or an API key (Authorization: Bearer …), or a signed-in browser.`,
    });
  }
  if (credential.kind === 'cookie' && !isReading) assertSameOrigin(request);
  const caller = await authenticate(credential);
  const scope = contract.scope ?? (isReading ? 'read' : 'write');
  if (!caller.scopes.includes(scope)) {
    throw platformError('auth.forbidden', {
      detail: `This needs the scope "${scope}"; the caller has ${caller.scopes.join(', ')}.`,
    });
  }
  assertRole(contract, caller);
  return caller;
}

/** @throws AppError `auth.forbidden` */
function assertRole({ access }: Route, { role }: Caller): void {
  if (access === 'owner' && role !== 'owner') throw forbidden('Only the owner', role);
  if (access === 'admin' && role !== 'owner' && role !== 'admin') {
    throw forbidden('Only an administrator', role);
  }
}

function forbidden(who: string, role: Role) {
  return platformError('auth.forbidden', {
    detail: `${who} of this installation may do this; your role is ${role}.`,
  });
}

/** A header is meant for this request; a cookie comes by itself. So headers win, and a wrong one is not forgiven. */
function credentialOf(request: FastifyRequest, contract: Route): Credential | undefined {
  const { authorization, 'x-api-key': apiKey } = request.headers;
  if (authorization !== undefined) {
    const [, value] = /^Bearer +(\S+)$/iu.exec(authorization) ?? [];
    if (value !== undefined) return { kind: 'bearer', value };
    throw platformError('auth.required', {
      detail: 'The header Authorization has to be "Bearer", a blank, and a token or an API key.',
    });
  }
  if (typeof apiKey === 'string') return { kind: 'key', value: apiKey };
  const ticket = contract.ticket ? textIn(request.query, 'ticket') : undefined;
  const jobId = Number(textIn(request.params, 'id'));
  if (ticket !== undefined && Number.isSafeInteger(jobId)) {
    return { kind: 'ticket', value: ticket, jobId };
  }
  const cookie = request.cookies[SESSION_COOKIE];
  return cookie === undefined ? undefined : { kind: 'cookie', value: cookie };
}

/**
 * True when a page of this very server sent the request. Browsers say so themselves (`Sec-Fetch-Site`); the older ones
 * name at least the origin of what changes something.
 */
export function isSameOrigin(request: FastifyRequest): boolean {
  const { 'sec-fetch-site': site, origin } = request.headers;
  if (site !== undefined) return site === 'same-origin';
  const own = request.server.publicUrl ?? `${request.protocol}://${request.host}`;
  return origin === own;
}

/** @throws AppError `request.cross_site`: SameSite cookies stop other sites, but not another port of the same one */
export function assertSameOrigin(request: FastifyRequest): void {
  if (isSameOrigin(request)) return;
  throw platformError('request.cross_site', {
    detail:
      'A request with a session cookie has to come from a page of this server. Programs send a token or an API key instead.',
  });
}

/**
 * For a GET that may start work: neither a link on another site nor a browser that reads ahead may spend anything.
 *
 * @throws AppError `request.prefetch` or `request.cross_site`
 */
export function assertMayStartWork(request: FastifyRequest): void {
  const { 'sec-purpose': secPurpose, purpose } = request.headers;
  if (`${String(secPurpose)} ${String(purpose)}`.includes('prefetch')) {
    throw platformError('request.prefetch', {
      detail:
        'The request is a prefetch, which must not start work. Send it again when it is meant.',
    });
  }
  if (request.user?.via === 'cookie') assertSameOrigin(request);
}

function textIn(values: unknown, name: string): string | undefined {
  if (typeof values !== 'object' || values === null) return undefined;
  const value: unknown = Reflect.get(values, name);
  return typeof value === 'string' ? value : undefined;
}

/** The caller as the owner of a job. Everybody but plain members goes first within their class. */
export function ownerOf({ id, role }: Caller): {
  readonly id: number;
  readonly isPremium: boolean;
} {
  return { id, isPremium: role !== 'member' };
}
