import { routes, type ShorteningModel } from '@scriptorium/contract';
import { priceOf, toCredits, type Kernel } from '@scriptorium/kernel';
import { pageOf } from '../../platform/pages.ts';
import { route, type Feature } from '../../platform/routes.ts';
import { creditErrors } from './credits.errors.ts';
import { presentEntry, presentReceipt } from './present-credits.ts';

export interface CreditsOptions {
  readonly kernel: Kernel;
  /** Credits for 1,000 tokens of a model; 0 for rules. Throws for a model that this server has not. */
  readonly factorOf: (model: ShorteningModel | undefined) => number;
}

/** What a user can spend, what is held, and every movement of both. */
export function createCreditsFeature({ kernel, factorOf }: CreditsOptions): Feature {
  return {
    name: 'credits',
    errors: creditErrors,
    register(app) {
      route(app, routes.credits.balance, async ({ user }) => {
        const { balance, held, available } = await kernel.credits.balance(user.id);
        return {
          balance: toCredits(balance),
          held: toCredits(held),
          available: toCredits(available),
        };
      });

      route(app, routes.credits.entries, async ({ query, user }) => {
        const { limit, before, job_id: jobId } = query;
        const entries = await kernel.credits.entries(user.id, {
          limit: limit + 1,
          ...(before === undefined ? {} : { before }),
          ...(jobId === undefined ? {} : { jobId }),
        });
        const page = pageOf(entries, limit);
        return { entries: page.rows.map(presentEntry), next_before: page.nextBefore };
      });

      route(app, routes.credits.reserve, async ({ body, user }) => {
        const amount = priceOf(body.estimated_tokens, factorOf(body.gemini_model));
        const jobId = await kernel.credits.drawJobId();
        const { expiresAt } = await kernel.transaction((tx) =>
          kernel.credits.reserve(tx, { jobId, ownerId: user.id, amount }),
        );
        return {
          job_id: jobId,
          credits_held: toCredits(amount),
          expires_at: expiresAt.toISOString(),
        };
      });

      route(app, routes.credits.receipt, async ({ params, user }) =>
        presentReceipt(await kernel.credits.receipt(params.id, user.id)),
      );
    },
  };
}
