import { ApiError } from '@scriptorium/contract';
import { CliError } from '../cli-error.ts';
import { chooseServer, dataFolder, isAnswering } from '../session/choose-server.ts';
import { connectTo, ownerIn, type ConnectOptions, type Connection } from '../session/connect.ts';
import { signIn, type SignedIn } from '../session/sign-in.ts';
import { dropLocalAccount, openLocalAccount } from './local-account.ts';
import { LocalServer } from './local-server.ts';

export interface ConnectOrStartOptions extends ConnectOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Told before a server is started, which takes a moment. */
  readonly onStart: (dataFolder: string) => void;
}

/** A connection, and the server behind it if it was started for it. */
export type Place = Connection & { readonly isOurs: boolean };

/**
 * Connects to the server that the user means, or, if none was named and none runs, starts one that lives as long as the
 * connection.
 */
export async function connectOrStart(options: ConnectOrStartOptions): Promise<Place> {
  const { environment } = options;
  const { address, isNamed } = await chooseServer(options.server, environment);
  if (isNamed || (await isAnswering(address))) {
    return { ...(await connectTo(address, options, environment)), isOurs: false };
  }
  const folder = dataFolder(environment);
  options.onStart(folder);
  return startAndConnect(folder, options);
}

async function startAndConnect(folder: string, options: ConnectOrStartOptions): Promise<Place> {
  const { environment } = options;
  await using stack = new AsyncDisposableStack();
  const account = ownerIn(environment) ?? (await openLocalAccount(folder));
  const server = stack.use(
    await LocalServer.start({
      dataFolder: folder,
      environment: {
        ...environment,
        HOST: '127.0.0.1',
        PORT: '0',
        OWNER_EMAIL: account.email,
        OWNER_PASSWORD: account.password,
      },
    }),
  );
  const { address } = server;
  const hasToken = options.token !== undefined || Boolean(environment['SCRIPTORIUM_TOKEN']);
  const entry = hasToken
    ? await connectTo(address, options, environment)
    : { address, ...(await signInAsOwner(address, folder, account)) };
  stack.use(entry);
  const owned = stack.move();
  return { ...entry, isOurs: true, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Signs in with the account that an installation was started with. It is the owner's only if there was none before. */
export async function signInAsOwner(
  address: string,
  folder: string,
  account: { readonly email: string; readonly password: string; readonly isNew?: boolean },
): Promise<SignedIn> {
  try {
    return await signIn(address, account);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'auth.invalid_credentials') throw error;
    if (account.isNew === true) await dropLocalAccount(folder);
    throw new CliError(
      'cli.owner_unknown',
      `The installation in ${folder} has an owner, and ${account.email} is not it.`,
      { remedy: 'set OWNER_EMAIL and OWNER_PASSWORD to the owner, or DATA_DIR to a new folder' },
    );
  }
}
