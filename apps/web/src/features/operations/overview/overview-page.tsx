import { routes } from '@scriptorium/contract';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { query } from '../../../api/index.ts';
import { useShortcuts } from '../../../app/shell/shortcuts.ts';
import { ErrorNotice, Section, SkeletonLines } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { operationsMessages } from '../messages/index.ts';
import { OperationsFrame } from '../operations-frame.tsx';
import { Age } from './age.tsx';
import { DayCharts } from './day-charts.tsx';
import { Figures } from './figures.tsx';
import { QuarantineList } from './quarantine-list.tsx';
import { QueueTable } from './queue-table.tsx';
import { WorkerList } from './worker-list.tsx';

const REFRESH_MS = 5000;
const overviewQuery = query(routes.operations.overview, {});

/** What the installation does at this moment. */
export function OverviewPage() {
  return (
    <OperationsFrame screen="overview">
      <Overview />
    </OperationsFrame>
  );
}

function Overview() {
  const t = useMessages(operationsMessages);
  const { data, error, refetch, dataUpdatedAt } = useQuery({
    ...overviewQuery,
    refetchInterval: REFRESH_MS,
  });
  const shortcuts = useMemo(
    () => [{ keys: 'r', label: t('refresh'), run: () => void refetch() }],
    [t, refetch],
  );
  useShortcuts(t('overview'), shortcuts);
  if (data === undefined) {
    return error === null ? (
      <SkeletonLines lines={8} label={t('loading')} />
    ) : (
      <ErrorNotice error={error} onRetry={() => void refetch()} />
    );
  }
  return (
    <>
      <Age at={dataUpdatedAt} isStale={error !== null} />
      <Figures overview={data} />
      <Section title={t('workers')} lead={t('workersLead')}>
        <WorkerList workers={data.workers} />
      </Section>
      <Section title={t('queues')} lead={t('queuesLead')}>
        <QueueTable queues={data.queues} />
      </Section>
      <Section title={t('day')} lead={t('dayLead')}>
        <DayCharts hours={data.hours} />
      </Section>
      <Section title={t('quarantine')} lead={t('quarantineLead')}>
        <QuarantineList />
      </Section>
    </>
  );
}
