import { useSyncExternalStore } from 'react';
import { useMessages } from '../../i18n/index.ts';
import { appMessages } from '../messages/index.ts';
import classes from './shell.module.css';

function onNetworkChange(listener: () => void): () => void {
  addEventListener('online', listener);
  addEventListener('offline', listener);
  return () => {
    removeEventListener('online', listener);
    removeEventListener('offline', listener);
  };
}

/** Says that there is no network, for as long as there is none. */
export function OfflineBanner() {
  const t = useMessages(appMessages);
  const isOnline = useSyncExternalStore(onNetworkChange, () => navigator.onLine);
  return (
    <div role="status">{!isOnline && <p className={classes['offline']}>{t('offline')}</p>}</div>
  );
}
