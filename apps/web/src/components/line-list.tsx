import type { ReactNode } from 'react';
import classes from './line-list.module.css';

/** Things below one another with a line between them: keys, sessions, invitations. Its children are `<Line>`s. */
export function LineList({ children }: { readonly children: ReactNode }) {
  return <ul className={classes['list']}>{children}</ul>;
}

/** One thing of a {@link LineList}: what it is, below that what is known of it, and at the end its state and what can be done. */
export function Line({
  name,
  facts,
  detail,
  children,
  isStruck = false,
}: {
  readonly name: ReactNode;
  readonly facts: readonly ReactNode[];
  /** What there is to say besides, in a paragraph of its own. */
  readonly detail?: ReactNode;
  readonly children?: ReactNode;
  /** It is over, and stays in the list. */
  readonly isStruck?: boolean;
}) {
  return (
    <li className={classes['line']}>
      <div>
        <div className={classes['name']} data-struck={isStruck || undefined}>
          {name}
        </div>
        <Facts facts={facts} />
        {detail !== undefined && <p className={classes['detail']}>{detail}</p>}
      </div>
      <div className={classes['end']}>{children}</div>
    </li>
  );
}

/** What is known of a thing, in a line below its name: in a fixed order, with `false` for what is not. */
export function Facts({ facts }: { readonly facts: readonly ReactNode[] }) {
  return (
    <div className={classes['facts']}>
      {facts.map(
        (fact, place) =>
          // A fact has no name of its own, and keeps its place.
          fact !== false && <span key={place}>{fact}</span>,
      )}
    </div>
  );
}
