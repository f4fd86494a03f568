import type { ReactNode } from 'react';
import classes from './figure-list.module.css';

/** What a figure is called, and the figure. */
export type FigureLine = readonly [name: string, value: ReactNode];

/** Figures below one another as on a bill: what they are at the beginning of the line, how much at its end. */
export function FigureList({ lines }: { readonly lines: readonly FigureLine[] }) {
  return (
    <dl className={classes['list']}>
      {lines.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="figures">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
