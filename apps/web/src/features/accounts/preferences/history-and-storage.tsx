import { routes } from '@scriptorium/contract';
import { useQuery } from '@tanstack/react-query';
import { query } from '../../../api/index.ts';
import { ErrorNotice, ProgressLine, Section, SkeletonLines } from '../../../components/index.ts';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { accountMessages } from '../messages/index.ts';
import { HistoryForm } from './history-form.tsx';
import classes from './preferences.module.css';

const settingsQuery = query(routes.self.settings, {});

/** What the server keeps for this person: ended jobs for so many days, and files up to a limit. */
export function HistoryAndStorage() {
  const t = useMessages(accountMessages);
  const { data, error, refetch } = useQuery(settingsQuery);
  if (error !== null && data === undefined)
    return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <Section aside title={t('history')} lead={t('historyLead')}>
        {data === undefined ? (
          <SkeletonLines lines={2} label={t('loading')} />
        ) : (
          <HistoryForm key={data.history_days} kept={data.history_days} />
        )}
      </Section>
      <Section aside title={t('storage')} lead={t('storageLead')}>
        {data === undefined ? (
          <SkeletonLines lines={1} label={t('loading')} />
        ) : (
          <Storage used={data.storage.used_bytes} quota={data.storage.quota_bytes} />
        )}
      </Section>
    </>
  );
}

function Storage({ used, quota }: { readonly used: number; readonly quota: number | null }) {
  const t = useMessages(accountMessages);
  const formats = useFormats();
  if (quota === null) {
    return (
      <p className={classes['used']}>{t('storageUnlimited', { used: formats.bytes(used) })}</p>
    );
  }
  const isFull = used >= quota;
  const percent = quota === 0 ? 100 : Math.min(100, (used / quota) * 100);
  return (
    <div className={classes['storage']}>
      <ProgressLine
        percent={percent}
        label={t('storageLabel')}
        tone={isFull ? 'failed' : percent > 85 ? 'waiting' : 'done'}
      >
        {t('storageOf', { used: formats.bytes(used), quota: formats.bytes(quota) })}
      </ProgressLine>
      {isFull && <p className={classes['full']}>{t('storageFull')}</p>}
    </div>
  );
}
