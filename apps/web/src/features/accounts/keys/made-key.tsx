import { Button } from '@mantine/core';
import type { CallResult, routes } from '@scriptorium/contract';
import { ShownOnce } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { accountMessages } from '../messages/index.ts';

/** The key itself, this once. It stays until somebody says that it is kept. */
export function MadeKey({
  made,
  onKept,
}: {
  readonly made: CallResult<typeof routes.apiKeys.create>;
  readonly onKept: () => void;
}) {
  const t = useMessages(accountMessages);
  return (
    <ShownOnce
      title={t('keyMade', { name: made.api_key.name })}
      text={t('keyOnce')}
      label={t('keyField')}
      value={made.key}
    >
      <Button onClick={onKept}>{t('keyKept')}</Button>
    </ShownOnce>
  );
}
