import { routes } from '@scriptorium/contract';
import { useQuery } from '@tanstack/react-query';
import { query } from '../../../api/index.ts';
import { ErrorNotice, Section, SkeletonLines } from '../../../components/index.ts';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { AccountFrame } from '../account-frame.tsx';
import { accountMessages } from '../messages/index.ts';
import { Statement } from './statement.tsx';
import classes from './credits.module.css';

const balanceQuery = query(routes.credits.balance, {});

/** What can be spent, what is set aside, and how both came about. */
export function CreditsPage() {
  const t = useMessages(accountMessages);
  const { data, error, refetch } = useQuery(balanceQuery);
  return (
    <AccountFrame screen="credits">
      <Section title={t('credits')} lead={t('creditsLead')}>
        {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
        {data === undefined && error === null && <SkeletonLines lines={2} label={t('loading')} />}
        {data !== undefined && (
          <dl className={classes['balance']}>
            <Figure name={t('available')} value={data.available} hint={t('availableHint')} />
            <Figure name={t('held')} value={data.held} hint={t('heldHint')} />
          </dl>
        )}
      </Section>
      <Section title={t('statement')} lead={t('statementLead')}>
        <Statement />
      </Section>
    </AccountFrame>
  );
}

function Figure({
  name,
  value,
  hint,
}: {
  readonly name: string;
  readonly value: number;
  readonly hint: string;
}) {
  const formats = useFormats();
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span className={`figures ${classes['figure']}`}>{formats.number(value)}</span>
        <span className={classes['hint']}>{hint}</span>
      </dd>
    </div>
  );
}
