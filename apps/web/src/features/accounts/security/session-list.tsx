import { Button } from '@mantine/core';
import { routes, type CallResult } from '@scriptorium/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { api, query, sessionQuery, useAction } from '../../../api/index.ts';
import {
  ErrorNotice,
  Line,
  LineList,
  SkeletonLines,
  StatusBadge,
  Time,
} from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { accountMessages } from '../messages/index.ts';
import classes from './security.module.css';

const sessionsQuery = query(routes.self.sessions, {});

/** Where this person is signed in; each may be ended, or all of them at once. */
export function SessionList() {
  const t = useMessages(accountMessages);
  const { data, error, refetch } = useQuery(sessionsQuery);
  if (error !== null) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <SkeletonLines lines={3} label={t('loading')} />;
  return (
    <>
      <LineList>
        {data.sessions.map((session) => (
          <SessionLine key={session.id} session={session} />
        ))}
      </LineList>
      <EndAll />
    </>
  );
}

type Session = CallResult<typeof routes.self.sessions>['sessions'][number];

function SessionLine({ session }: { readonly session: Session }) {
  const t = useMessages(accountMessages);
  const { mutate, isPending, error } = useAction(routes.self.endSession, [routes.self.sessions]);
  return (
    <Line
      name={
        session.is_current ? (
          <StatusBadge tone="done">{t('thisOne')}</StatusBadge>
        ) : (
          t('sessionNumber', { id: String(session.id) })
        )
      }
      facts={[
        <>
          {t('signedIn')} <Time at={session.created_at} />
        </>,
        session.last_used_at !== null && (
          <>
            {t('lastUsed')} <Time at={session.last_used_at} />
          </>
        ),
      ]}
    >
      {!session.is_current && (
        <Button
          variant="default"
          size="compact-md"
          disabled={isPending}
          aria-label={t('endSessionOf', { id: String(session.id) })}
          onClick={() => mutate({ params: { id: session.id } })}
        >
          {t('endSession')}
        </Button>
      )}
      {error !== null && <ErrorNotice error={error} />}
    </Line>
  );
}

function EndAll() {
  const t = useMessages(accountMessages);
  const router = useRouter();
  const client = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => api.call(routes.self.endSessions, {}),
    onSuccess: async () => {
      client.clear();
      client.setQueryData(sessionQuery.queryKey, null);
      await router.invalidate();
    },
  });
  return (
    <>
      <div className={classes['all']}>
        <Button variant="default" disabled={isPending} onClick={() => mutate()}>
          {isPending ? t('endingAll') : t('endAll')}
        </Button>
        <span className={classes['said']}>{t('endAllHint')}</span>
      </div>
      {error !== null && <ErrorNotice error={error} />}
    </>
  );
}
