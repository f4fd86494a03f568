import type { CallResult, Estimate, routes } from '@scriptorium/contract';
import { ErrorNotice, FigureList, SkeletonLines } from '../../../components/index.ts';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { novelsMessages } from '../messages/index.ts';
import classes from './workshop.module.css';

/** What the options will take, before anything is held or spent. What nobody knows is called unknown. */
export function EstimatePanel({
  estimate,
  error,
  isSettled,
  balance,
}: {
  readonly estimate: Estimate | undefined;
  readonly error: Error | null;
  /** False while what is shown belongs to the options before. */
  readonly isSettled: boolean;
  readonly balance: CallResult<typeof routes.credits.balance> | undefined;
}) {
  const t = useMessages(novelsMessages);
  const formats = useFormats();
  return (
    <section className={classes['estimate']} aria-labelledby="estimate-title">
      <h3 id="estimate-title" className={classes['estimateTitle']}>
        {t('estimateTitle')}
        {!isSettled && error === null && (
          <span className={classes['estimating']}>{t('estimating')}…</span>
        )}
      </h3>
      {error !== null && <ErrorNotice error={error} />}
      {estimate === undefined && error === null && (
        <SkeletonLines lines={4} label={t('estimating')} />
      )}
      {estimate !== undefined && error === null && (
        <div data-old={!isSettled || undefined} className={classes['figures']}>
          <p aria-live="polite">
            {t('estLong', {
              count: estimate.long_sentences,
              all: formats.number(estimate.sentences),
            })}
          </p>
          <Figures estimate={estimate} />
          {estimate.stored_chunks > 0 && (
            <p>
              {t('estStored', {
                count: formats.number(estimate.stored_chunks),
                all: formats.number(estimate.chunks),
              })}
            </p>
          )}
          {estimate.cost_usd === null && <p className={classes['hint']}>{t('unknownMoney')}</p>}
          {balance !== undefined && (
            <p className={classes['hint']}>
              {t('estBalance', {
                available: formats.number(balance.available),
                held: formats.number(balance.held),
              })}
            </p>
          )}
        </div>
      )}
    </section>
  );
}

/** Credits, time, money, calls and engine, a line each. */
export function Figures({ estimate }: { readonly estimate: Estimate }) {
  const t = useMessages(novelsMessages);
  const formats = useFormats();
  const between = (
    { low, high }: { readonly low: number; readonly high: number },
    write: (value: number) => string,
  ) => (low === high ? write(high) : t('range', { low: write(low), high: write(high) }));
  const number = (value: number) => formats.number(value);
  const { credits, cost_usd: cost, seconds, calls } = estimate;
  return (
    <FigureList
      lines={[
        [t('estCredits'), credits.high === 0 ? t('free') : between(credits, number)],
        [
          t('estTime'),
          seconds.high <= 1
            ? t('atMost', { most: formats.duration(1) })
            : between(seconds, (value) => formats.duration(value)),
        ],
        [
          t('estMoney'),
          cost === null ? t('unknown') : between(cost, (value) => formats.money(value, 'USD')),
        ],
        [t('estCalls'), calls.high === 0 ? t('free') : between(calls, number)],
        [
          t('estEngine'),
          estimate.gemini_model === 'offline' ? t('model_offline') : estimate.engine,
        ],
      ]}
    />
  );
}
