import type { Job } from '@scriptorium/contract';
import { useMessages } from '../../../i18n/index.ts';
import { useTeller } from '../../../said/index.ts';
import { partWords } from '../job-words.ts';
import { jobsMessages } from '../messages/index.ts';
import classes from './job.module.css';

/** The parts that are missing from the result, and why. */
export function GapsSection({ job }: { readonly job: Job }) {
  const t = useMessages(jobsMessages);
  const teller = useTeller();
  const labels = new Map(job.chunk_results.map((part) => [part.index, partWords(part, t, teller)]));
  return (
    <ul className={classes['gaps']}>
      {job.gaps.map(({ index, ...why }) => (
        <li key={index}>
          <strong>{labels.get(index) ?? partWords({ index }, t, teller)}</strong>
          <span>{teller.sentence(why)}</span>
          <code>{why.code}</code>
        </li>
      ))}
    </ul>
  );
}
