import type { ReactNode } from 'react';
import classes from './empty-state.module.css';

/** Where a list would be: one sentence that teaches, and one action. */
export function EmptyState({
  title,
  children,
  action,
}: {
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <section className={classes['empty']}>
      <span className={classes['ornament']} aria-hidden="true">
        ❦
      </span>
      <h2 className={classes['title']}>{title}</h2>
      <p className={classes['text']}>{children}</p>
      {action}
    </section>
  );
}
