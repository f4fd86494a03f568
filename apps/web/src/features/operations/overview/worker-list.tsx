import type { Overview } from '@scriptorium/contract';
import { Link } from '@tanstack/react-router';
import { EmptyState, Facts, StatusBadge } from '../../../components/index.ts';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { useTeller } from '../../../said/index.ts';
import { operationsMessages } from '../messages/index.ts';
import classes from './overview.module.css';

/** A worker beats every second; what is silent for longer than its tasks' lease (10 s) has lost them. */
const SILENT_SECONDS = 10;

type Worker = Overview['workers'][number];

/** Who works, and on what. */
export function WorkerList({ workers }: { readonly workers: readonly Worker[] }) {
  const t = useMessages(operationsMessages);
  if (workers.length === 0)
    return <EmptyState title={t('noWorkers')}>{t('noWorkersText')}</EmptyState>;
  return (
    <ul className={classes['workers']}>
      {workers.map((worker) => (
        <WorkerLine key={worker.id} worker={worker} />
      ))}
    </ul>
  );
}

function WorkerLine({ worker }: { readonly worker: Worker }) {
  const t = useMessages(operationsMessages);
  const formats = useFormats();
  const teller = useTeller();
  const isSilent = worker.silent_seconds > SILENT_SECONDS;
  return (
    <li className={classes['worker']}>
      <div>
        <div className={classes['workerName']}>{worker.name}</div>
        <Facts
          facts={[
            t('processOf', { pid: String(worker.pid), host: worker.host }),
            t('startedAt', { ago: formats.relative(worker.started_at) }),
          ]}
        />
      </div>
      <div>
        {isSilent ? (
          <StatusBadge tone="failed">
            {t('silent', { time: formats.duration(Math.floor(worker.silent_seconds)) })}
          </StatusBadge>
        ) : (
          <StatusBadge tone="done">
            {t('beat', { ago: formats.relative(worker.last_beat_at) })}
          </StatusBadge>
        )}
        {isSilent && <p className={classes['small']}>{t('silentText')}</p>}
      </div>
      <div>
        <Slots used={worker.running.length} slots={worker.slots} />
        {worker.running.length === 0 ? (
          <p className={classes['small']}>{t('idle')}</p>
        ) : (
          <ul className={classes['running']}>
            {worker.running.map(({ work_id: workId, job_id: jobId, step, step_coded: coded }) => (
              <li key={workId}>
                <Link to="/jobs/$jobId" params={{ jobId: String(jobId) }}>
                  {t('chunk', { id: String(jobId) })}
                </Link>
                {step !== null && ` · ${teller.coded(step, coded)}`}
              </li>
            ))}
          </ul>
        )}
      </div>
    </li>
  );
}

/** Slots as boxes, filled where something runs, and in words. */
function Slots({ used, slots }: { readonly used: number; readonly slots: number }) {
  const t = useMessages(operationsMessages);
  return (
    <div className={classes['slots']}>
      <span aria-hidden="true" className={classes['boxes']}>
        {Array.from({ length: slots }, (_, slot) => (
          <span key={slot} data-used={slot < used || undefined} />
        ))}
      </span>
      {t('slots', { used, slots })}
    </div>
  );
}
