import type { ReactNode } from 'react';
import classes from './section.module.css';

/**
 * A part of a screen under its own heading. `aside` puts the heading into the margin, as for settings; without it what follows has
 * the whole width, as tables need.
 */
export function Section({
  title,
  lead,
  aside = false,
  children,
}: {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly aside?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <section className={classes['section']} data-aside={aside || undefined}>
      <div className={classes['words']}>
        <h2 className={classes['title']}>{title}</h2>
        {lead !== undefined && <p className={classes['lead']}>{lead}</p>}
      </div>
      <div className={classes['content']}>{children}</div>
    </section>
  );
}
