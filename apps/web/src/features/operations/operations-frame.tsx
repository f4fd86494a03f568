import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { useUser } from '../../api/index.ts';
import { useShortcuts } from '../../app/shell/shortcuts.ts';
import { EmptyState, Page, PageHead, SubNavigation } from '../../components/index.ts';
import { useMessages } from '../../i18n/index.ts';
import { operationsMessages } from './messages/index.ts';

/** The screens of operations in their order; the digits lead to them. */
const SCREENS = [
  { to: '/operations', name: 'overview', command: 'goOverview' },
  { to: '/operations/people', name: 'people', command: 'goPeople' },
  { to: '/operations/invitations', name: 'invitations', command: 'goInvitations' },
] as const;

/** What the screens of operations have in common. Whoever is no administrator is told so, and nothing is asked of the server. */
export function OperationsFrame({
  screen,
  actions,
  children,
}: {
  readonly screen: (typeof SCREENS)[number]['name'];
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  const t = useMessages(operationsMessages);
  const role = useUser()?.role;
  if (role === undefined) return null;
  if (role !== 'owner' && role !== 'admin') {
    return (
      <Page title={t('operations')}>
        <PageHead title={t('operations')} />
        <EmptyState title={t('notYours')}>{t('notYoursText')}</EmptyState>
      </Page>
    );
  }
  return (
    <Page wide={screen === 'overview'} title={`${t(screen)} · ${t('operations')}`}>
      <Ways />
      <PageHead title={t('operations')} lead={t('lead')}>
        {actions}
      </PageHead>
      <SubNavigation label={t('sections')}>
        {SCREENS.map(({ to, name }) => (
          <Link key={to} to={to} activeOptions={{ exact: to === '/operations' }} data-target>
            {t(name)}
          </Link>
        ))}
      </SubNavigation>
      {children}
    </Page>
  );
}

/** The digits, which only administrators get. */
function Ways() {
  const t = useMessages(operationsMessages);
  const navigate = useNavigate();
  const ways = useMemo(
    () =>
      SCREENS.map(({ to, command }, index) => ({
        keys: String(index + 1),
        label: t(command),
        run: () => void navigate({ to }),
      })),
    [t, navigate],
  );
  useShortcuts(t('operations'), ways);
  return null;
}
