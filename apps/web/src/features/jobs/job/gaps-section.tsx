import type { Job } from '@scriptorium/contract';
import { useMessages } from '../../../i18n/index.ts';
import { partWords } from '../job-words.ts';
import { jobsMessages } from '../messages/index.ts';
import classes from './job.module.css';

/** The parts that are missing from the result, and why. */
export function GapsSection({ job }: { readonly job: Job }) {
  const t = useMessages(jobsMessages);
  const labels = new Map(job.chunk_results.map((part) => [part.index, partWords(part, t)]));
  return (
    <ul className={classes['gaps']}>
      {job.gaps.map(({ index, code, message }) => (
        <li key={index}>
          <strong>{labels.get(index) ?? partWords({ index }, t)}</strong>
          <span>{message}</span>
          <code>{code}</code>
        </li>
      ))}
    </ul>
  );
}
