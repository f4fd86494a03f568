import { Button } from '@mantine/core';
import { ShownOnce } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { operationsMessages } from '../messages/index.ts';

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
    <ShownOnce
      title={t('invitationMade')}
      text={t('invitationOnce')}
      label={t('invitationLink')}
      value={url}
    >
      <Button onClick={onKept}>{t('invitationKept')}</Button>
    </ShownOnce>
  );
}
