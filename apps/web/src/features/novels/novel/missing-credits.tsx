import { Button } from '@mantine/core';
import { useUser } from '../../../api/index.ts';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { novelsMessages } from '../messages/index.ts';
import classes from './workshop.module.css';

/** There is not enough credit: how much is missing, whom to ask, and what works without. */
export function MissingCredits({
  needed,
  available,
  onOffline,
}: {
  readonly needed: number;
  readonly available: number;
  readonly onOffline: () => void;
}) {
  const t = useMessages(novelsMessages);
  const formats = useFormats();
  const user = useUser();
  const mayGrant = user?.role === 'owner' || user?.role === 'admin';
  // In thousandths, as credits are kept: what is left after subtracting must not show a binary fraction.
  const missing = Math.round((needed - available) * 1000) / 1000;
  return (
    <div className={classes['missing']} role="status">
      <strong>{t('missingTitle', { missing: formats.number(missing) })}</strong>
      <p>
        {t('missingText', {
          needed: formats.number(needed),
          available: formats.number(available),
        })}{' '}
        {t(mayGrant ? 'askYourself' : 'askAdmin')}
      </p>
      <Button size="compact-md" variant="default" onClick={onOffline}>
        {t('takeOffline')}
      </Button>
    </div>
  );
}
