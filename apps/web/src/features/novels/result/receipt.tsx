import { routes, type Job } from '@scriptorium/contract';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { query } from '../../../api/index.ts';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { resultMessages } from './messages/index.ts';
import classes from './result-page.module.css';

/** What a job used and cost, line by line. A price that nobody knows is unknown, not nothing. */
export function Receipt({ job }: { readonly job: Job }) {
  const t = useMessages(resultMessages);
  const formats = useFormats();
  const { data: receipt } = useQuery(query(routes.credits.receipt, { params: { id: job.id } }));
  if (receipt === undefined) return null;
  const { credits, cost_usd: cost } = receipt;
  const amount = (value: number | null) => (value === null ? t('unknown') : formats.number(value));
  return (
    <details className={classes['receipt']}>
      <summary>{t('receipt')}</summary>
      <dl>
        <Line name={t('receiptCalls')}>{formats.number(receipt.calls)}</Line>
        <Line name={t('receiptTokens')}>{formats.number(receipt.tokens)}</Line>
        {credits !== null && (
          <>
            <Line name={t('receiptHeld')}>{formats.number(credits.held)}</Line>
            <Line name={t('receiptSettled')}>{amount(credits.settled)}</Line>
            <Line name={t('receiptReturned')}>{amount(credits.returned)}</Line>
          </>
        )}
        <Line name={t('receiptMoney')}>
          {cost === null ? t('unknown') : formats.money(cost, 'USD')}
        </Line>
        <Line name={t('receiptTime')}>{formats.duration(job.processing_time_seconds)}</Line>
      </dl>
    </details>
  );
}

function Line({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="figures">{children}</dd>
    </div>
  );
}
