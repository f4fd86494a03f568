import { Button } from '@mantine/core';
import { routes, type ApiKey } from '@scriptorium/contract';
import type { ReactNode } from 'react';
import { api } from '../../../api/index.ts';
import {
  Line,
  LineList,
  StatusBadge,
  Time,
  usePostponedRemoval,
} from '../../../components/index.ts';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { accountMessages } from '../messages/index.ts';
import classes from './keys.module.css';

const STALE = [routes.apiKeys.list];
const sendRevoke = (id: number) => api.call(routes.apiKeys.revoke, { params: { id } });

/** Every key by its name and first characters; what is revoked stays in the list, crossed out. */
export function KeyList({ keys }: { readonly keys: readonly ApiKey[] }) {
  const t = useMessages(accountMessages);
  const revocation = usePostponedRemoval(routes.apiKeys.revoke, sendRevoke, STALE);
  return (
    <LineList>
      {keys.map((key) => (
        <KeyLine key={key.id} apiKey={key}>
          {revocation.waiting.has(key.id) ? (
            <StatusBadge tone="waiting">{t('revoking')}</StatusBadge>
          ) : key.revoked_at === null ? (
            <Button
              variant="default"
              size="compact-md"
              aria-label={t('revokeKey', { name: key.name })}
              onClick={() =>
                revocation.start(key.id, {
                  message: t('revokeToast', { name: key.name }),
                  failure: t('revokeFailed', { name: key.name }),
                })
              }
            >
              {t('revoke')}
            </Button>
          ) : (
            <StatusBadge tone="stopped">{t('revoked')}</StatusBadge>
          )}
        </KeyLine>
      ))}
    </LineList>
  );
}

function KeyLine({ apiKey, children }: { readonly apiKey: ApiKey; readonly children: ReactNode }) {
  const t = useMessages(accountMessages);
  const formats = useFormats();
  const scopes = apiKey.scopes.filter((scope) => scope !== 'account');
  return (
    <Line
      isStruck={apiKey.revoked_at !== null}
      name={
        <>
          {apiKey.name} <code className={classes['prefix']}>{apiKey.prefix}…</code>
        </>
      }
      facts={[
        t('keyMay', { scopes: formats.list(scopes.map((scope) => t(`scope_${scope}`))) }),
        <>
          {t('keyMadeOn')} <Time at={apiKey.created_at} />
        </>,
        apiKey.last_used_at === null ? (
          t('keyUnused')
        ) : (
          <>
            {t('keyUsed')} <Time at={apiKey.last_used_at} />
          </>
        ),
      ]}
    >
      {children}
    </Line>
  );
}
