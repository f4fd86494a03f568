import { routes, type CallResult } from '@scriptorium/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { query } from '../../../api/index.ts';
import { EmptyState, ErrorNotice, Section, SkeletonLines } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { AccountFrame } from '../account-frame.tsx';
import { accountMessages } from '../messages/index.ts';
import { KeyForm } from './key-form.tsx';
import { KeyList } from './key-list.tsx';
import { MadeKey } from './made-key.tsx';

const keysQuery = query(routes.apiKeys.list, {});

/** Keys for programs: make one, see which are used, revoke one. */
export function KeysPage() {
  const t = useMessages(accountMessages);
  const { data, error, refetch } = useQuery(keysQuery);
  const [made, setMade] = useState<CallResult<typeof routes.apiKeys.create>>();
  return (
    <AccountFrame screen="keys">
      <Section aside title={t('makeKey')} lead={t('keysLead')}>
        {made === undefined ? (
          <KeyForm onMade={setMade} />
        ) : (
          <MadeKey made={made} onKept={() => setMade(undefined)} />
        )}
      </Section>
      <Section title={t('yourKeys')}>
        {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
        {data === undefined && error === null && <SkeletonLines lines={3} label={t('loading')} />}
        {data?.api_keys.length === 0 && (
          <EmptyState title={t('noKeys')}>{t('noKeysText')}</EmptyState>
        )}
        {data !== undefined && data.api_keys.length > 0 && <KeyList keys={data.api_keys} />}
      </Section>
    </AccountFrame>
  );
}
