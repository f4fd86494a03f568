import os from 'node:os';
import { ApiError, routes, type Client } from '@scriptorium/contract';
import { say, tell, type Context } from '../context.ts';
import { chooseServer } from '../session/choose-server.ts';
import { ownerIn } from '../session/connect.ts';
import { loginFile, readLogins, writeLogin } from '../session/login-file.ts';
import { signIn, type Credentials } from '../session/sign-in.ts';
import { askAll } from '../terminal/ask.ts';

/**
 * Signs in and keeps an API key for the commands to come: it has no rights over the account, is listed with its last use, and can be
 * revoked by itself. The password is kept nowhere.
 */
export async function login(email: string | undefined, context: Context): Promise<number> {
  const { environment } = context;
  const { address } = await chooseServer(context.server, environment);
  const credentials = await askCredentials(address, email, context);
  await using session = await signIn(address, credentials);
  const { client } = session;
  const body = { name: `command line on ${os.hostname()}`, scopes: ['read', 'write'] as const };
  const { api_key: apiKey, key } = await client.call(routes.apiKeys.create, {
    body: { ...body, scopes: [...body.scopes] },
  });
  const earlier = (await readLogins(environment)).find(({ server }) => server === address);
  await writeLogin(environment, {
    server: address,
    email: credentials.email,
    key,
    keyId: apiKey.id,
  });
  if (earlier !== undefined) await revoke(client, earlier.keyId);
  tell(context, { server: address, email: credentials.email, api_key: apiKey });
  say(context, [
    `Signed in to ${address} as ${credentials.email}.`,
    `The key "${apiKey.name}" is in ${loginFile(environment)}, readable by you alone.`,
  ]);
  return 0;
}

async function askCredentials(
  address: string,
  email: string | undefined,
  { environment }: Context,
): Promise<Credentials> {
  const owner = ownerIn(environment);
  if (owner !== undefined && (email === undefined || email === owner.email)) return owner;
  const secret = { text: 'Password: ', isSecret: true };
  if (email === undefined) {
    const [name = '', password = ''] = await askAll([{ text: `E-mail at ${address}: ` }, secret]);
    return { email: name, password };
  }
  const [password = ''] = await askAll([secret]);
  return { email, password };
}

/** The key that the new one replaces. It may belong to another user, or be gone already. */
async function revoke(client: Client, id: number): Promise<void> {
  try {
    await client.call(routes.apiKeys.revoke, { params: { id } });
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'api_key.not_found') throw error;
  }
}
