import { Button, Text, Title } from '@mantine/core';
import { ApiError } from '@scriptorium/contract';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { ErrorNotice } from '../components/error-notice.tsx';
import { useMessages } from '../i18n/index.ts';
import { appMessages } from './messages/index.ts';
import classes from './page-message.module.css';

/** In place of a screen that threw: what the server said, or what to tell the operator. */
export function BrokenScreen({ error, reset }: ErrorComponentProps) {
  const t = useMessages(appMessages);
  if (error instanceof ApiError) {
    return (
      <main id="content" tabIndex={-1} className={classes['page']}>
        <ErrorNotice error={error} onRetry={reset} />
      </main>
    );
  }
  return (
    <main id="content" tabIndex={-1} className={classes['page']}>
      <Title order={1}>{t('brokenTitle')}</Title>
      <Text c="dimmed">{t('brokenText')}</Text>
      <code className={classes['details']}>{String(error)}</code>
      <Button onClick={() => location.reload()}>{t('reload')}</Button>
    </main>
  );
}
