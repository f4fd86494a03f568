import { defineErrors } from '@scriptorium/contract';
import { errorFactory } from '../../platform/errors.ts';

export const peopleErrors = defineErrors({
  'auth.registration_closed': { status: 403, title: 'Accounts are opened by invitation alone' },
  'auth.invitation_invalid': { status: 401, title: 'The invitation is not good any more' },
  'auth.invitation_for_another': { status: 403, title: 'The invitation is for another address' },
  'invitation.not_found': { status: 404, title: 'There is no such invitation' },
  'invitation.used': { status: 409, title: 'The invitation has been used' },
  'user.not_found': { status: 404, title: 'There is no such user' },
  'user.is_owner': { status: 403, title: 'The owner stays the owner' },
  'user.is_caller': { status: 409, title: 'This cannot be done to the own account' },
  'user.email_taken': { status: 409, title: 'Somebody has this e-mail' },
});

export const peopleError = errorFactory(peopleErrors);

export function userNotFound(id: number) {
  return peopleError('user.not_found', { detail: `There is no user ${id}.` });
}
