import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { useUser } from '../../api/index.ts';
import { useShortcuts } from '../../app/shell/shortcuts.ts';
import { Page, PageHead, SubNavigation } from '../../components/index.ts';
import { useFormats, useMessages } from '../../i18n/index.ts';
import { accountMessages } from './messages/index.ts';

/** The screens of the account in their order; the digits lead to them. */
const SCREENS = [
  { to: '/account', name: 'preferences', command: 'goPreferences' },
  { to: '/account/credits', name: 'credits', command: 'goCredits' },
  { to: '/account/keys', name: 'keys', command: 'goKeys' },
  { to: '/account/security', name: 'security', command: 'goSecurity' },
] as const;

/** What the screens of the account have in common: whose it is, and the way between them. */
export function AccountFrame({
  screen,
  children,
}: {
  readonly screen: (typeof SCREENS)[number]['name'];
  readonly children: ReactNode;
}) {
  const t = useMessages(accountMessages);
  const formats = useFormats();
  const navigate = useNavigate();
  const user = useUser();
  const ways = useMemo(
    () =>
      SCREENS.map(({ to, command }, index) => ({
        keys: String(index + 1),
        label: t(command),
        run: () => void navigate({ to }),
      })),
    [t, navigate],
  );
  useShortcuts(t('account'), ways);
  return (
    <Page title={`${t(screen)} · ${t('account')}`}>
      <PageHead
        title={t('account')}
        lead={
          user && (
            <>
              <strong>{user.email}</strong>{' '}
              {t('since', { role: t(`role_${user.role}`), date: formats.date(user.created_at) })}
            </>
          )
        }
      />
      <SubNavigation label={t('sections')}>
        {SCREENS.map(({ to, name }) => (
          <Link key={to} to={to} activeOptions={{ exact: true }} data-target>
            {t(name)}
          </Link>
        ))}
      </SubNavigation>
      {children}
    </Page>
  );
}
