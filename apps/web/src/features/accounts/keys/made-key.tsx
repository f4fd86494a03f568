import { Button, Stack } from '@mantine/core';
import type { CallResult, routes } from '@scriptorium/contract';
import { CopyField } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { accountMessages } from '../messages/index.ts';
import classes from './keys.module.css';

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
    <div className={classes['made']} role="status">
      <Stack gap="sm">
        <h3 className={classes['madeTitle']}>{t('keyMade', { name: made.api_key.name })}</h3>
        <p className={classes['once']}>{t('keyOnce')}</p>
        <CopyField label={t('keyField')} value={made.key} />
        <div>
          <Button onClick={onKept}>{t('keyKept')}</Button>
        </div>
      </Stack>
    </div>
  );
}
