import { routes, type Client, type Person, type Role } from '@scriptorium/contract';
import { CliError } from '../cli-error.ts';
import { say, tell, type Context } from '../context.ts';
import { userTable } from './people-tables.ts';
import { asPerson } from './sign-in-as-person.ts';

/** Lists users, newest first. */
export function listUsers(
  filter: { readonly search: string | undefined; readonly limit: number },
  context: Context,
): Promise<number> {
  const { search, limit } = filter;
  const query = { limit, ...(search === undefined ? {} : { search }) };
  return asPerson(context, async (client) => {
    const page = await client.call(routes.people.list, { query, signal: context.signal });
    tell(context, page);
    say(context, [
      ...(page.users.length === 0 ? ['Nobody has such an address.'] : userTable(page.users)),
      ...(page.next_before === null ? [] : [`There are more: --limit ${limit * 2}`]),
    ]);
    return 0;
  });
}

/** Grants credits, or takes some back. */
export function grantTo(email: string, credits: number, context: Context): Promise<number> {
  return onUser(email, context, async (client, { id }) => {
    const call = { params: { id }, body: { credits }, signal: context.signal };
    const entry = await client.call(routes.people.grant, call);
    tell(context, entry);
    say(context, [`${email} has ${entry.available_after} credits to spend.`]);
  });
}

type Change = {
  readonly role?: Exclude<Role, 'owner'>;
  readonly is_disabled?: boolean;
};

/** Sets the role of a user, disables or enables one. */
export function changeUser(email: string, body: Change, context: Context): Promise<number> {
  return onUser(email, context, async (client, { id }) => {
    const call = { params: { id }, body, signal: context.signal };
    const user = await client.call(routes.people.change, call);
    tell(context, user);
    say(context, [`${email} is ${user.is_disabled ? 'disabled' : `enabled, as ${user.role}`}.`]);
  });
}

/** Makes a one-time link with which a user sets a new password. */
export function makePasswordLink(email: string, context: Context): Promise<number> {
  return onUser(email, context, async (client, { id }) => {
    const call = { params: { id }, signal: context.signal };
    const link = await client.call(routes.people.passwordLink, call);
    tell(context, link);
    say(context, [link.url, `Good once, until ${link.expires_at}. Give it to ${email} alone.`]);
  });
}

/** Deletes a user with all that is theirs. */
export function deleteUser(email: string, context: Context): Promise<number> {
  return onUser(email, context, async (client, user) => {
    await client.call(routes.people.remove, { params: { id: user.id }, signal: context.signal });
    tell(context, { deleted: user });
    say(context, [`${email} is deleted, with all that belonged to the account.`]);
  });
}

function onUser(
  email: string,
  context: Context,
  act: (client: Client, user: Person) => Promise<void>,
): Promise<number> {
  return asPerson(context, async (client) => {
    await act(client, await findUser(client, email, context.signal));
    return 0;
  });
}

/** The search finds parts of addresses, so every page of it is looked through for the whole one. */
async function findUser(client: Client, email: string, signal: AbortSignal): Promise<Person> {
  const wanted = email.trim().toLowerCase();
  for (let before: number | undefined; ;) {
    const query = { search: wanted, limit: 100, ...(before === undefined ? {} : { before }) };
    const page = await client.call(routes.people.list, { query, signal });
    const user = page.users.find((each) => each.email === wanted);
    if (user !== undefined) return user;
    if (page.next_before === null) break;
    before = page.next_before;
  }
  throw new CliError('cli.unknown_user', `Nobody has the address ${wanted}.`, {
    remedy: 'scriptorium users',
  });
}
