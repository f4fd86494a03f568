import { createClient, routes, type Client } from '@scriptorium/contract';
import { CliError } from '../cli-error.ts';
import { readLocalAccount } from '../local/local-account.ts';
import { addressIn, chooseServer, dataFolder } from './choose-server.ts';
import { readLogins } from './login-file.ts';
import { signIn, type Credentials } from './sign-in.ts';

/** What every command takes that talks to a server. */
export interface ConnectOptions {
  readonly server?: string;
  readonly token?: string;
}

/** A server, and a client that it lets in. */
export interface Connection extends AsyncDisposable {
  readonly address: string;
  readonly client: Client;
  readonly getToken: () => string | Promise<string>;
}

/** Connects to the chosen server as whoever the options, the environment or the last login say. */
export async function connect(
  options: ConnectOptions,
  environment: NodeJS.ProcessEnv,
): Promise<Connection> {
  const { address } = await chooseServer(options.server, environment);
  return connectTo(address, options, environment);
}

export async function connectTo(
  address: string,
  { token }: ConnectOptions,
  environment: NodeJS.ProcessEnv,
): Promise<Connection> {
  const shown = token ?? (environment['SCRIPTORIUM_TOKEN'] || undefined);
  if (shown !== undefined) return withKey(address, shown);
  const logins = await readLogins(environment);
  // A key goes to the server that made it and to no other.
  const login = logins.find(({ server }) => server === address);
  if (login !== undefined) return withKey(address, login.key);
  const owner = ownerIn(environment) ?? (await ownerOfFolder(address, environment));
  if (owner !== undefined) return { address, ...(await signIn(address, owner)) };
  // If nobody is there at all, that is the news.
  await createClient({ baseUrl: address }).call(routes.operations.health, {});
  throw new CliError('cli.not_signed_in', `Nobody is signed in to ${address}.`, {
    remedy: 'scriptorium login, or set SCRIPTORIUM_TOKEN to an API key',
  });
}

/** The owner that the environment names, as it does for the server. */
export function ownerIn(environment: NodeJS.ProcessEnv): Credentials | undefined {
  const { OWNER_EMAIL: email, OWNER_PASSWORD: password } = environment;
  return email && password ? { email, password } : undefined;
}

/** The account that the demo has left beside the data, if it is that installation which runs at this address. */
async function ownerOfFolder(
  address: string,
  environment: NodeJS.ProcessEnv,
): Promise<Credentials | undefined> {
  const folder = dataFolder(environment);
  return (await addressIn(folder)) === address ? readLocalAccount(folder) : undefined;
}

function withKey(address: string, key: string): Connection {
  return {
    address,
    client: createClient({ baseUrl: address, token: key }),
    getToken: () => key,
    [Symbol.asyncDispose]: async () => {},
  };
}
