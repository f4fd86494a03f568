import type { useReceipt } from '../../../api/index.ts';
import {
  ErrorNotice,
  FigureList,
  SkeletonLines,
  type FigureLine,
} from '../../../components/index.ts';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { jobsMessages } from '../messages/index.ts';
import classes from './job.module.css';

/** The receipt: calls, tokens, credits held, settled and returned, money or that it is unknown. */
export function ReceiptSection({ receipt }: { readonly receipt: ReturnType<typeof useReceipt> }) {
  const t = useMessages(jobsMessages);
  const formats = useFormats();
  const { data, error, refetch } = receipt;
  if (error !== null) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <SkeletonLines lines={3} label={t('receipt')} />;
  const { calls, tokens, engine, credits, cost_usd: cost } = data;
  const amount = (value: number | null) => (value === null ? t('openYet') : formats.number(value));
  const lines: readonly FigureLine[] = [
    [t('engine'), engine ?? (calls === 0 ? t('noModel') : t('unnamedModel'))],
    [t('calls'), formats.number(calls)],
    [t('tokens'), formats.number(tokens)],
    ...(credits === null
      ? []
      : [
          [t('creditsHeld'), formats.number(credits.held)] as const,
          [t('creditsSettled'), amount(credits.settled)] as const,
          [t('creditsReturned'), amount(credits.returned)] as const,
        ]),
    [t('money'), cost === null ? t('unknown') : formats.money(cost, 'USD')],
  ];
  return (
    <>
      <FigureList lines={lines} />
      {credits === null && <p className={classes['note']}>{t('noCredits')}</p>}
    </>
  );
}
