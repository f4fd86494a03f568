import { Button, Stack } from '@mantine/core';
import { CopyField } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { operationsMessages } from '../messages/index.ts';
import classes from './invitations.module.css';

/** The link, this once. It stays until somebody says that it is kept. */
export function MadeInvitation({
  url,
  onKept,
}: {
  readonly url: string;
  readonly onKept: () => void;
}) {
  const t = useMessages(operationsMessages);
  return (
    <div className={classes['made']} role="status">
      <Stack gap="sm">
        <h3 className={classes['madeTitle']}>{t('invitationMade')}</h3>
        <p className={classes['once']}>{t('invitationOnce')}</p>
        <CopyField label={t('invitationLink')} value={url} />
        <div>
          <Button onClick={onKept}>{t('invitationKept')}</Button>
        </div>
      </Stack>
    </div>
  );
}
