import { Link } from '@tanstack/react-router';
import { Time } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { accountMessages } from '../messages/index.ts';
import type { CreditEntry } from './all-entries.ts';
import classes from './credits.module.css';

/** Stands where the link to the job goes: messages are plain text. */
const GAP = '\u{FFFC}';

/** An entry in words, with the way to its job. */
export function EntryWords({ entry }: { readonly entry: CreditEntry }) {
  const t = useMessages(accountMessages);
  const { kind, job_id: jobId, note, at } = entry;
  const words = kind === 'grant' ? t(entry.amount < 0 ? 'taken' : 'grant') : t(kind, { job: GAP });
  const [before, after] = words.split(GAP);
  return (
    <>
      {before}
      {after !== undefined && jobId !== null && (
        <Link to="/jobs/$jobId" params={{ jobId: String(jobId) }}>
          {t('job', { id: String(jobId) })}
        </Link>
      )}
      {after}
      {note !== null && <span className={classes['note']}> {note}</span>}
      <span className={classes['when']}>
        <Time at={at} />
      </span>
    </>
  );
}
