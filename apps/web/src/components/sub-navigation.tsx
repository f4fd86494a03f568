import type { ReactNode } from 'react';
import classes from './sub-navigation.module.css';

/** The screens within a screen; its children are links with `data-target`. */
export function SubNavigation({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ReactNode;
}) {
  return (
    <nav aria-label={label} className={classes['navigation']}>
      {children}
    </nav>
  );
}
