import type { Role } from '@scriptorium/contract';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Context } from '../context.ts';
import { invite, listInvitations, type InviteOptions } from './invitations.ts';
import { changeUser, deleteUser, grantTo, listUsers, makePasswordLink } from './users.ts';

type Act = (command: Command, body: (context: Context) => Promise<number>) => Promise<void>;

const ROLES = ['admin', 'premium', 'member'] as const satisfies readonly Role[];

/** What administrators do with people. */
export function addPeopleCommands(program: Command, act: Act): void {
  const users = program
    .command('users')
    .description('list the people of the installation, newest first; for administrators')
    .option('--search <text>', 'only those whose address has this in it')
    .option('--limit <number>', 'how many at most', toCount, 50)
    .helpCommand(false)
    .action((options: { readonly search?: string; readonly limit: number }, command: Command) =>
      act(command, (context) =>
        listUsers({ search: options.search, limit: options.limit }, context),
      ),
    );
  const onUser = (
    name: string,
    description: string,
    body: (email: string, context: Context) => Promise<number>,
  ) =>
    users
      .command(name)
      .description(description)
      .argument('<email>', 'address of the user')
      .action((email: string, _options: unknown, command: Command) =>
        act(command, (context) => body(email, context)),
      );
  onUser('disable', 'shut somebody out at once, and cancel their jobs', (email, context) =>
    changeUser(email, { is_disabled: true }, context),
  );
  onUser('enable', 'let somebody in again', (email, context) =>
    changeUser(email, { is_disabled: false }, context),
  );
  onUser(
    'password-link',
    'a one-time link with which somebody sets a new password',
    makePasswordLink,
  );
  onUser('delete', 'delete somebody with all that belongs to the account', deleteUser);
  users
    .command('grant')
    .description('give somebody credits; a negative number takes back')
    .argument('<email>', 'address of the user')
    .argument('<credits>', 'how many', toCredits)
    .allowUnknownOption()
    .action((email: string, credits: number, _options: unknown, command: Command) =>
      act(command, (context) => grantTo(email, credits, context)),
    );
  users
    .command('role')
    .description(`set a role: ${ROLES.join(', ')}`)
    .argument('<email>', 'address of the user')
    .argument('<role>', ROLES.join(', '), toRole)
    .action((email: string, role: (typeof ROLES)[number], _options: unknown, command: Command) =>
      act(command, (context) => changeUser(email, { role }, context)),
    );

  program
    .command('invite')
    .description('make a one-time link that opens an account')
    .option('--email <email>', 'only this address may use it')
    .addOption(new Option('--role <role>', 'the role of the account').choices(ROLES))
    .option('--credits <number>', 'credits that come with it', toCredits)
    .action((options: InviteOptions, command: Command) =>
      act(command, (context) => invite(invitationOf(options), context)),
    );
  program
    .command('invitations')
    .description('list invitations, and what became of them')
    .action((_options: unknown, command: Command) => act(command, listInvitations));
}

function invitationOf({ email, role, credits }: InviteOptions): InviteOptions {
  return {
    ...(email === undefined ? {} : { email }),
    ...(role === undefined ? {} : { role }),
    ...(credits === undefined ? {} : { credits }),
  };
}

function toRole(text: string): (typeof ROLES)[number] {
  const role = ROLES.find((each) => each === text);
  if (role !== undefined) return role;
  throw new InvalidArgumentError(`Expected ${ROLES.join(', ')}.`);
}

function toCredits(text: string): number {
  if (/^-?\d{1,9}(?:\.\d{1,3})?$/u.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a number of credits such as 12 or 0.5.');
}

function toCount(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 100) return number;
  throw new InvalidArgumentError('Expected a whole number from 1 to 100.');
}
