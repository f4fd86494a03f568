import { useEffect, useState } from 'react';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { operationsMessages } from '../messages/index.ts';
import classes from './overview.module.css';

/** How old the figures are, to the second; said aloud only when they have stopped coming. */
export function Age({ at, isStale }: { readonly at: number; readonly isStale: boolean }) {
  const t = useMessages(operationsMessages);
  const formats = useFormats();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const moment = new Date(at);
  return (
    <>
      <p className={classes['age']} title={formats.exact(moment)}>
        {t('updated', { ago: formats.relative(moment, Math.max(now, at)) })}
      </p>
      <div role="status">
        {isStale && (
          <p className={classes['stale']}>{t('stale', { time: formats.clock(moment) })}</p>
        )}
      </div>
    </>
  );
}
