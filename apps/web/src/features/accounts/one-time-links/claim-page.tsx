import { routes } from '@scriptorium/contract';
import { getRouteApi } from '@tanstack/react-router';
import { api } from '../../../api/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { Entrance } from '../sign-in/index.ts';
import { linkMessages } from './messages/index.ts';
import { NewPasswordForm } from './new-password-form.tsx';

const route = getRouteApi('/first/$token');

/** Behind the one-time link of the first start: whoever has it becomes the owner. */
export function ClaimPage() {
  const t = useMessages(linkMessages);
  const { token } = route.useParams();
  return (
    <Entrance title={t('claimTitle')} lead={t('claimLead')}>
      <NewPasswordForm
        withEmail
        label={t('claim')}
        pending={t('claiming')}
        refusals={{ 'auth.claim_invalid': t('claimSpent') }}
        send={(filled) => api.call(routes.auth.claim, { body: { ...filled, token, cookie: true } })}
      />
    </Entrance>
  );
}
