import { Button, Text, Title } from '@mantine/core';
import { Link, useLocation } from '@tanstack/react-router';
import { useUser } from '../api/index.ts';
import { useMessages } from '../i18n/index.ts';
import { appMessages } from './messages/index.ts';
import { Shell } from './shell/shell.tsx';
import classes from './page-message.module.css';

/** The page for an address that leads nowhere. Whoever is signed in keeps the ways to all screens. */
export function NotFound() {
  const user = useUser();
  return user ? (
    <Shell>
      <NoSuchPage />
    </Shell>
  ) : (
    <NoSuchPage />
  );
}

function NoSuchPage() {
  const t = useMessages(appMessages);
  const path = useLocation({ select: (location) => location.pathname });
  return (
    <main id="content" tabIndex={-1} className={classes['page']}>
      <title>{`${t('notFoundTitle')} · Scriptorium`}</title>
      <p className={classes['mark']} aria-hidden="true">
        404
      </p>
      <Title order={1}>{t('notFoundTitle')}</Title>
      <Text c="dimmed">{t('notFoundText', { path })}</Text>
      <Button component={Link} to="/">
        {t('toLibrary')}
      </Button>
    </main>
  );
}
