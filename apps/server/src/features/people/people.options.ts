import type { Kernel } from '@scriptorium/kernel';
import type { FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import type { Config } from '../../config.ts';
import type { Accounts } from '../accounts/index.ts';

/** What the feature works with. */
export interface PeopleOptions {
  readonly pool: Pool;
  readonly kernel: Kernel;
  readonly accounts: Accounts;
  readonly config: Pick<Config, 'publicUrl' | 'registration' | 'userQuotaBytes'>;
}

/** An address of the web app that a person opens, as far as the server can know its own. */
export function linkTo(
  { config }: Pick<PeopleOptions, 'config'>,
  request: FastifyRequest,
  path: `/${string}`,
): string {
  return `${config.publicUrl ?? `${request.protocol}://${request.host}`}${path}`;
}
