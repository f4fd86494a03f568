import { routes } from '@scriptorium/contract';
import { api } from '../../../api/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { Entrance } from '../sign-in/index.ts';
import { linkMessages } from './messages/index.ts';
import { NewPasswordForm } from './new-password-form.tsx';

/** Opening an account: with an invitation, or without where the operator lets anybody in. */
export function RegisterForm({ invitation }: { readonly invitation?: string }) {
  const t = useMessages(linkMessages);
  return (
    <Entrance
      title={t('registerTitle')}
      lead={t(invitation === undefined ? 'openLead' : 'registerLead')}
    >
      <NewPasswordForm
        withEmail
        label={t('register')}
        pending={t('registering')}
        refusals={{
          'auth.invitation_invalid': t('invitationSpent'),
          'auth.invitation_for_another': t('invitationForAnother'),
          'auth.registration_closed': t('registrationClosed'),
        }}
        send={(filled) =>
          api.call(routes.self.register, {
            body: { ...filled, ...(invitation === undefined ? {} : { invitation }), cookie: true },
          })
        }
      />
    </Entrance>
  );
}
