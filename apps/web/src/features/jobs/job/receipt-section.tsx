import { routes, type Job } from '@scriptorium/contract';
import { useQuery } from '@tanstack/react-query';
import { query } from '../../../api/index.ts';
import { ErrorNotice, SkeletonLines } from '../../../components/index.ts';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { jobsMessages } from '../messages/index.ts';
import classes from './job.module.css';

/** What a job used and what it cost. Asked for again when the job's own figures or its state change. */
export function useReceipt(job: Job | undefined) {
  const id = job?.id ?? 0;
  const options = query(routes.credits.receipt, { params: { id } });
  return useQuery({
    ...options,
    enabled: job !== undefined,
    queryKey: [...options.queryKey, job?.status, job?.llm_calls],
    placeholderData: (old) => old,
  });
}

/** The receipt: calls, tokens, credits held, settled and returned, money or that it is unknown. */
export function ReceiptSection({ receipt }: { readonly receipt: ReturnType<typeof useReceipt> }) {
  const t = useMessages(jobsMessages);
  const formats = useFormats();
  const { data, error, refetch } = receipt;
  if (error !== null) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <SkeletonLines lines={3} label={t('receipt')} />;
  const { calls, tokens, engine, credits, cost_usd: cost } = data;
  const amount = (value: number | null) => (value === null ? t('openYet') : formats.number(value));
  const lines = [
    [t('engine'), engine ?? (calls === 0 ? t('noModel') : t('unnamedModel'))],
    [t('calls'), formats.number(calls)],
    [t('tokens'), formats.number(tokens)],
    ...(credits === null
      ? []
      : [
          [t('creditsHeld'), formats.number(credits.held)],
          [t('creditsSettled'), amount(credits.settled)],
          [t('creditsReturned'), amount(credits.returned)],
        ]),
    [t('money'), cost === null ? t('unknown') : formats.money(cost, 'USD')],
  ];
  return (
    <>
      <dl className={classes['receipt']}>
        {lines.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd className="figures">{value}</dd>
          </div>
        ))}
      </dl>
      {credits === null && <p className={classes['note']}>{t('noCredits')}</p>}
    </>
  );
}
