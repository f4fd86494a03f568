import { ActionIcon, Button, Menu } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import { IconSearch, IconUser } from '@tabler/icons-react';
import { Link, useLocation, useRouter } from '@tanstack/react-router';
import { useSignOut, useUser } from '../../api/session.ts';
import { useMessages } from '../../i18n/index.ts';
import { appMessages } from '../messages/index.ts';
import { LanguageMenu, ThemeMenu } from './choice-menus.tsx';
import { KeyCap } from './key-cap.tsx';
import { SCREENS } from './screens.ts';
import { Wordmark } from './wordmark.tsx';
import classes from './shell.module.css';

export function ShellHeader() {
  const t = useMessages(appMessages);
  const user = useUser();
  // A book and its chapters belong to the library, though their addresses do not begin with its own.
  const isInBook = useLocation({ select: ({ pathname }) => pathname.startsWith('/books/') });
  return (
    <header className={classes['header']}>
      <div className={classes['inner']}>
        <Link to="/" className={classes['home']}>
          <Wordmark />
        </Link>
        <nav className={classes['nav']} aria-label={t('mainNavigation')}>
          {SCREENS.filter((screen) => screen.isFor(user?.role)).map(({ to, name }) => (
            <Link
              key={to}
              to={to}
              className={classes['link']}
              data-here={(to === '/' && isInBook) || undefined}
              activeOptions={{ exact: to === '/' }}
              data-target
            >
              {t(name)}
            </Link>
          ))}
        </nav>
        <div className={classes['tools']}>
          <Button
            variant="subtle"
            size="compact-md"
            className={classes['search']}
            leftSection={<IconSearch size={16} aria-hidden="true" />}
            rightSection={<KeyCap keys="mod+K" />}
            onClick={spotlight.open}
          >
            {t('search')}
          </Button>
          <LanguageMenu />
          <ThemeMenu />
          <AccountMenu />
        </div>
      </div>
    </header>
  );
}

function AccountMenu() {
  const t = useMessages(appMessages);
  const router = useRouter();
  const user = useUser();
  const signOut = useSignOut();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          size="lg"
          aria-label={t('account_menu', { email: user?.email ?? '' })}
        >
          <IconUser size={20} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user?.email}</Menu.Label>
        <Menu.Item component={Link} to="/account">
          {t('account')}
        </Menu.Item>
        <Menu.Item onClick={() => void signOut().then(() => router.invalidate())}>
          {t('signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
