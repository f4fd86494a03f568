import { Button } from '@mantine/core';
import { routes, type CallResult } from '@scriptorium/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { query, useAction } from '../../../api/index.ts';
import { ErrorNotice, Line, LineList, SkeletonLines, Time } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { useTeller } from '../../../said/index.ts';
import { operationsMessages } from '../messages/index.ts';
import { usePipelineName } from './use-pipeline-name.ts';
import classes from './overview.module.css';

const REFRESH_MS = 15_000;
const quarantineQuery = query(routes.operations.quarantine, {});
const STALE = [routes.operations.quarantine, routes.operations.overview, routes.jobs.list];

type Quarantined = CallResult<typeof routes.operations.quarantine>['works'][number];

/** Works that nobody runs until somebody says so here. What a replay began is said for as long as the screen is open. */
export function QuarantineList() {
  const t = useMessages(operationsMessages);
  const { data, error, refetch } = useQuery({ ...quarantineQuery, refetchInterval: REFRESH_MS });
  const replay = useAction(routes.operations.replay, STALE);
  if (data === undefined) {
    return error === null ? (
      <SkeletonLines lines={2} label={t('loading')} />
    ) : (
      <ErrorNotice error={error} onRetry={() => void refetch()} />
    );
  }
  return (
    <>
      {replay.error !== null && <ErrorNotice error={replay.error} />}
      <p role="status" className={classes['small']}>
        {replay.data !== undefined && t('replayed', { count: replay.data.jobs.length })}
        {replay.data === undefined && data.works.length === 0 && t('noQuarantine')}
      </p>
      <LineList>
        {data.works.map((work) => (
          <QuarantinedLine key={work.work_id} work={work}>
            <Button
              variant="default"
              size="compact-md"
              disabled={replay.isPending}
              aria-label={t('replayOf', { id: String(work.work_id) })}
              onClick={() => replay.mutate({ params: { id: work.work_id } })}
            >
              {replay.isPending && replay.variables.params.id === work.work_id
                ? t('replaying')
                : t('replay')}
            </Button>
          </QuarantinedLine>
        ))}
      </LineList>
    </>
  );
}

function QuarantinedLine({
  work,
  children,
}: {
  readonly work: Quarantined;
  readonly children: ReactNode;
}) {
  const t = useMessages(operationsMessages);
  const nameOf = usePipelineName();
  const teller = useTeller();
  const name = [
    nameOf(work.pipeline),
    t(`kind_${work.kind}`),
    ...(work.label === null ? [] : [teller.coded(work.label, work.label_coded)]),
  ].join(' · ');
  return (
    <Line
      name={name}
      facts={[
        `${t('crashes', { count: work.crashes })} ${t('attempts', { count: work.attempts })}`,
        <Time at={work.at} />,
        work.jobs.length > 0 && (
          <>
            {t('lackedBy')}{' '}
            {work.jobs.map(({ id }, index) => (
              <span key={id}>
                {index > 0 && ', '}
                <Link to="/jobs/$jobId" params={{ jobId: String(id) }}>
                  {t('chunk', { id: String(id) })}
                </Link>
              </span>
            ))}
          </>
        ),
      ]}
      detail={
        work.error === null ? undefined : (
          <>
            {/* The server's own words name the signal, which an operator needs. */}
            {teller.sentence(work.error)} <span lang="en">{work.error.message}</span>
          </>
        )
      }
    >
      {children}
    </Line>
  );
}
