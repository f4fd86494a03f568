import { defineErrors } from '@scriptorium/contract';
import { errorFactory } from '../../platform/errors.ts';

export const accountErrors = defineErrors({
  'auth.invalid_credentials': { status: 401, title: 'E-mail or password is wrong' },
  'auth.too_many_attempts': { status: 429, title: 'Too many attempts to sign in' },
  // Not 401: the session of whoever asks is good.
  'auth.wrong_password': { status: 403, title: 'The password is wrong' },
  'auth.link_invalid': { status: 401, title: 'The one-time link is not good any more' },
  'auth.account_disabled': { status: 403, title: 'The account is disabled' },
  'auth.claim_invalid': { status: 401, title: 'The one-time link is not good any more' },
  'auth.token_invalid': { status: 401, title: 'The access token is not good' },
  'auth.token_expired': { status: 401, title: 'The access token has expired' },
  'auth.session_ended': { status: 401, title: 'The session has ended' },
  'auth.refresh_invalid': { status: 401, title: 'The refresh token is not good' },
  'auth.refresh_reused': { status: 401, title: 'The refresh token was used before' },
  'auth.ticket_invalid': { status: 401, title: 'The ticket is not good' },
  'auth.key_invalid': { status: 401, title: 'The API key is not good' },
  'session.not_found': { status: 404, title: 'There is no such session' },
  'api_key.not_found': { status: 404, title: 'There is no such API key' },
});

export const accountError = errorFactory(accountErrors);
