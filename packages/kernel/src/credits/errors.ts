import { KernelError, type Failure } from '../errors.ts';
import { toCredits, type Millicredits } from './millicredits.ts';

/** The owner has not enough credits for what was asked. Nothing was stored. Code `credit.insufficient`. */
export class InsufficientCreditError extends KernelError {
  constructor(needed: Millicredits, available: Millicredits) {
    super(
      'credit.insufficient',
      `This needs ${toCredits(needed)} credits, and you have ${toCredits(available)} available; nothing was stored. Ask an administrator for more.`,
      {
        needed,
        available,
        needed_credits: toCredits(needed),
        available_credits: toCredits(available),
      },
    );
  }
}

/**
 * A confirmation does not cover what is handed in. Codes: `confirmation.unknown` (there is none of this number among the
 * owner's), `confirmation.used`, `confirmation.expired` and `confirmation.too_small`.
 */
export class ConfirmationError extends KernelError {
  constructor(
    reason: 'unknown' | 'used' | 'expired' | 'too_small',
    jobId: number,
    details: Readonly<Record<string, unknown>> = {},
  ) {
    super(`confirmation.${reason}`, SENTENCES[reason](jobId), { ...details, jobId });
  }
}

const SENTENCES = {
  unknown: (jobId: number) =>
    `There is no confirmation ${jobId} among yours. Confirm the document first; the answer names the job_id.`,
  used: (jobId: number) =>
    `The confirmation ${jobId} has been used. Confirm again for another job.`,
  expired: (jobId: number) =>
    `The confirmation ${jobId} was not used in time, and its credits are yours again. Confirm once more.`,
  too_small: (jobId: number) =>
    `The document needs more credits than the confirmation ${jobId} holds. Confirm this very document.`,
};

/** Why a part was not done although nothing went wrong. */
export const OUT_OF_CREDIT: Failure = {
  code: 'out_of_credit',
  message:
    'What is left of the credits held for the job may not cover this part, so it was not started.',
};
