import { routes } from '@scriptorium/contract';
import { openAccessTokens } from '../../apps/server/src/features/accounts/accounts.tokens.ts';
import { SESSION_COOKIE } from '../../apps/server/src/platform/access.ts';
import type { ColumnName } from '../../scripts/access-matrix.ts';
import type { Person, World } from './world.ts';

export type Headers = Readonly<Record<string, string>>;

const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });

async function keyOf(
  world: World,
  { email }: Person,
  scopes: ('read' | 'write')[],
  isRevoked = false,
): Promise<Headers> {
  const client = await world.clientOf(email);
  const made = await client.call(routes.apiKeys.create, { body: { name: 'proof', scopes } });
  if (isRevoked) await client.call(routes.apiKeys.revoke, { params: { id: made.api_key.id } });
  return { 'x-api-key': made.key };
}

async function expiredToken({ service, signIn }: World, { id, email }: Person): Promise<Headers> {
  const { sessionId } = await signIn(email);
  const tokens = await openAccessTokens(service.pool, -60);
  return bearer(await tokens.sign({ userId: id, sessionId }));
}

/** Makes what somebody of this column sends along, anew: a new session, a new key. `who` replaces Ada. */
export async function credentialsOf(
  world: World,
  column: ColumnName,
  who: Person = world.ada,
): Promise<Headers> {
  const signedIn = async (email: string) => (await world.signIn(email)).access;
  switch (column) {
    case 'nobody':
      return {};
    case 'expired':
      return await expiredToken(world, who);
    case 'revoked':
      return await keyOf(world, who, ['read', 'write'], true);
    case 'member':
      return bearer(await signedIn((await world.person()).email));
    case 'ada':
      return bearer(await signedIn(who.email));
    case 'readKey':
      return await keyOf(world, who, ['read']);
    case 'writeKey':
      return await keyOf(world, who, ['write']);
    case 'foreign':
      return {
        cookie: `${SESSION_COOKIE}=${await signedIn(who.email)}`,
        'sec-fetch-site': 'cross-site',
        origin: 'https://elsewhere.example',
      };
    case 'admin':
      return bearer(await signedIn((await world.person('admin')).email));
    case 'adminKey':
      return await keyOf(world, await world.person('admin'), ['read', 'write']);
    case 'owner':
      return bearer(await signedIn(world.service.ownerCredentials.email));
  }
}
