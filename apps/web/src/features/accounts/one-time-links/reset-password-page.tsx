import { routes } from '@scriptorium/contract';
import { getRouteApi } from '@tanstack/react-router';
import { api } from '../../../api/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { Entrance } from '../sign-in/index.ts';
import { linkMessages } from './messages/index.ts';
import { NewPasswordForm } from './new-password-form.tsx';

const route = getRouteApi('/reset-password/$token');

/** Behind the link that an administrator makes for somebody who has forgotten the password. */
export function ResetPasswordPage() {
  const t = useMessages(linkMessages);
  const { token } = route.useParams();
  return (
    <Entrance title={t('resetTitle')} lead={t('resetLead')}>
      <NewPasswordForm
        label={t('reset')}
        pending={t('resetting')}
        refusals={{ 'auth.link_invalid': t('linkSpent') }}
        send={({ password }) =>
          api.call(routes.self.resetPassword, { body: { token, password, cookie: true } })
        }
      />
    </Entrance>
  );
}
