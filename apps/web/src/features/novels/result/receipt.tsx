import type { Job } from '@scriptorium/contract';
import { useReceipt } from '../../../api/index.ts';
import { FigureList, type FigureLine } from '../../../components/index.ts';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { resultMessages } from './messages/index.ts';
import classes from './result-page.module.css';

/** What a job used and cost, line by line. A price that nobody knows is unknown, not nothing. */
export function Receipt({ job }: { readonly job: Job }) {
  const t = useMessages(resultMessages);
  const formats = useFormats();
  const { data: receipt } = useReceipt(job);
  if (receipt === undefined) return null;
  const { credits, cost_usd: cost } = receipt;
  const amount = (value: number | null) => (value === null ? t('unknown') : formats.number(value));
  const lines: readonly FigureLine[] = [
    [t('receiptCalls'), formats.number(receipt.calls)],
    [t('receiptTokens'), formats.number(receipt.tokens)],
    ...(credits === null
      ? []
      : [
          [t('receiptHeld'), formats.number(credits.held)] as const,
          [t('receiptSettled'), amount(credits.settled)] as const,
          [t('receiptReturned'), amount(credits.returned)] as const,
        ]),
    [t('receiptMoney'), cost === null ? t('unknown') : formats.money(cost, 'USD')],
    [t('receiptTime'), formats.duration(job.processing_time_seconds)],
  ];
  return (
    <details className={classes['receipt']}>
      <summary>{t('receipt')}</summary>
      <FigureList lines={lines} />
    </details>
  );
}
