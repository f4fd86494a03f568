/**
 * Writes docs/access.md: for every route of the contract, what it answers to whom, as its declaration says: `node scripts/access-matrix.ts`.
 * One test fails when the page is not the current one, another when a server answers anything else.
 */
import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { routes, type Role, type Route, type Scope } from '../packages/contract/src/index.ts';

/** Somebody who sends a request. The thing that it names, if it names one, is always Ada's. */
export interface Column {
  readonly name: string;
  readonly meaning: string;
  /** Absent for somebody whom the server does not know, or no longer. */
  readonly role?: Role;
  readonly scopes: readonly Scope[];
  readonly isAda: boolean;
  readonly isFromAnotherOrigin: boolean;
}

const ALL: readonly Scope[] = ['read', 'write', 'account'];

function column(name: string, meaning: string, facts: Partial<Column> = {}): Column {
  return { name, meaning, scopes: ALL, isAda: false, isFromAnotherOrigin: false, ...facts };
}

const ADA: Partial<Column> = { role: 'member', isAda: true };

export const COLUMNS = {
  nobody: column('nobody', 'no credential'),
  expired: column('expired token', "an access token of Ada's that has expired"),
  revoked: column('revoked key', "an API key of Ada's that was revoked"),
  member: column('another member', 'a member whose things are others', { role: 'member' }),
  ada: column('its owner', 'the member whom the thing belongs to, Ada', ADA),
  readKey: column('key: read', "an API key of Ada's that may read", { ...ADA, scopes: ['read'] }),
  writeKey: column('key: write', "an API key of Ada's that may write", {
    ...ADA,
    scopes: ['write'],
  }),
  foreign: column('other origin', "Ada's cookie, sent by a page of another site", {
    ...ADA,
    isFromAnotherOrigin: true,
  }),
  admin: column('administrator', 'an administrator', { role: 'admin' }),
  adminKey: column('key of an administrator', 'a key of an administrator that may read and write', {
    role: 'admin',
    scopes: ['read', 'write'],
  }),
  owner: column('installation owner', 'the owner of the installation', { role: 'owner' }),
} as const satisfies Record<string, Column>;

export type ColumnName = keyof typeof COLUMNS;

export function isColumnName(name: string): name is ColumnName {
  return name in COLUMNS;
}

/** `served`: what the route declares for whoever is let in. */
export type Expected = 'served' | 401 | 403 | 404;

/** What a route answers to somebody, by its declaration and the owner of the thing alone. */
export function expectedAnswer(route: Route, who: Column): Expected {
  if (route.access === 'public') return 'served';
  const isReading = route.method === 'GET';
  if (who.isFromAnotherOrigin && !isReading) return 403;
  if (who.role === undefined) return 401;
  if (!who.scopes.includes(route.scope ?? (isReading ? 'read' : 'write'))) return 403;
  if (route.access === 'owner' && who.role !== 'owner') return 403;
  if (route.access === 'admin' && who.role !== 'owner' && who.role !== 'admin') return 403;
  return route.access === 'user' && namesThing(route) && !who.isAda ? 404 : 'served';
}

/** True for a request that says by its number which thing it is about. */
export function namesThing({ params, body, form }: Route): boolean {
  return [params, body, form].some(
    (part) =>
      part instanceof z.ZodObject &&
      Object.keys(part.shape).some((name) => /(?:^|_)id$/u.test(name)),
  );
}

export interface NamedRoute {
  /** `books.upload`. */
  readonly name: string;
  readonly route: Route;
}

export const ALL_ROUTES: readonly NamedRoute[] = Object.entries(routes).flatMap(([group, table]) =>
  Object.entries<Route>(table).map(([name, route]) => ({ name: `${group}.${name}`, route })),
);

/** The page as it is committed. */
export function accessMatrix(): string {
  const columns = Object.values(COLUMNS);
  const head = ['route', ...columns.map(({ name }) => name)];
  const rows = ALL_ROUTES.map(({ route }) => [
    `\`${route.method} ${route.path}\``,
    ...columns.map((who) => {
      const expected = expectedAnswer(route, who);
      return expected === 'served' ? '✓' : String(expected);
    }),
  ]);
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  const meanings = columns.map(({ name, meaning }) => `- **${name}**: ${meaning}`);
  return `# Who may do what

Generated from the routes' declarations by \`node scripts/access-matrix.ts\`, and asked of a running server, cell by cell, in
\`e2e/proof/access.test.ts\`. ✓ is what the route declares for whoever is let in; 401, 403 and 404 are problem documents, and nothing is
done. Where a request names a thing by its number (a book, a job, a key, a session), the thing is Ada's: others hear that there is no
such thing, administrators too.

${meanings.join('\n')}

${lines.join('\n')}
`;
}

if (import.meta.main) {
  await writeFile(new URL('../docs/access.md', import.meta.url), accessMatrix());
}
