import { Section } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { AccountFrame } from '../account-frame.tsx';
import { accountMessages } from '../messages/index.ts';
import { DeleteAccount } from './delete-account.tsx';
import { PasswordForm } from './password-form.tsx';
import { SessionList } from './session-list.tsx';

/** The password, the sessions, and the end of the account. */
export function SecurityPage() {
  const t = useMessages(accountMessages);
  return (
    <AccountFrame screen="security">
      <Section aside title={t('password')} lead={t('passwordLead')}>
        <PasswordForm />
      </Section>
      <Section aside title={t('sessions')} lead={t('sessionsLead')}>
        <SessionList />
      </Section>
      <Section aside title={t('remove')} lead={t('removeLead')}>
        <DeleteAccount />
      </Section>
    </AccountFrame>
  );
}
