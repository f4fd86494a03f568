import { CopyField } from './copy-field.tsx';
import type { ReactNode } from 'react';
import classes from './shown-once.module.css';

/** A secret that is shown this once: what it is, the words that say so, and the secret to copy. */
export function ShownOnce({
  title,
  text,
  label,
  value,
  children,
}: {
  readonly title?: string;
  readonly text: string;
  readonly label: string;
  readonly value: string;
  /** What to do when it is kept. */
  readonly children?: ReactNode;
}) {
  return (
    <div className={classes['once']} role="status">
      {title !== undefined && <h3 className={classes['title']}>{title}</h3>}
      <p className={classes['text']}>{text}</p>
      <CopyField label={label} value={value} />
      {children}
    </div>
  );
}
