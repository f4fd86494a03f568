import type { Client } from '@scriptorium/contract';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { readLocalAccount } from '../local/local-account.ts';
import { addressIn, chooseServer, dataFolder } from '../session/choose-server.ts';
import { ownerIn } from '../session/connect.ts';
import { readLogins } from '../session/login-file.ts';
import { signIn, type Credentials } from '../session/sign-in.ts';
import { askAll } from '../terminal/ask.ts';

/**
 * Signs in with a password for one command. The key that `login` keeps is not enough: no key may do anything to accounts, so that one that
 * leaks opens no others.
 */
export async function asPerson(
  context: Context,
  use: (client: Client) => Promise<number>,
): Promise<number> {
  const { environment } = context;
  if (context.token !== undefined) {
    throw new CliError('cli.key_not_enough', 'No API key may do anything to accounts.', {
      remedy: 'leave out --token; you are asked for your password',
      exitCode: 2,
    });
  }
  const { address } = await chooseServer(context.server, environment);
  await using session = await signIn(address, await credentialsFor(address, context));
  return await use(session.client);
}

async function credentialsFor(
  address: string,
  { environment }: Pick<Context, 'environment'>,
): Promise<Credentials> {
  const folder = dataFolder(environment);
  const local = (await addressIn(folder)) === address ? await readLocalAccount(folder) : undefined;
  const known = ownerIn(environment) ?? local;
  if (known !== undefined) return known;
  const secret = { text: 'Password: ', isSecret: true };
  const login = (await readLogins(environment)).find(({ server }) => server === address);
  if (login !== undefined) {
    const text = `Password of ${login.email} at ${address}: `;
    const [password = ''] = await askAll([{ ...secret, text }]);
    return { email: login.email, password };
  }
  const [email = '', password = ''] = await askAll([{ text: `E-mail at ${address}: ` }, secret]);
  return { email, password };
}
