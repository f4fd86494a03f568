import { useLayoutEffect, useRef, type ReactNode } from 'react';
import { takeLostFocus } from './lost-focus.ts';
import classes from './page.module.css';

/** The frame of a screen: width, margins, and the target of the skip link. `wide` for tables and timelines. */
export function Page({
  children,
  title,
  wide = false,
}: {
  readonly children: ReactNode;
  /** For the tab of the browser. */
  readonly title?: string;
  readonly wide?: boolean;
}) {
  const content = useRef<HTMLElement>(null);
  useLayoutEffect(() => takeLostFocus(content.current), []);
  return (
    <main
      ref={content}
      id="content"
      tabIndex={-1}
      className={classes['page']}
      data-wide={wide || undefined}
    >
      {title !== undefined && <title>{`${title} · Scriptorium`}</title>}
      {children}
    </main>
  );
}

/** The head of a screen: its name, what is said about it, and its one primary action at the end of the line. */
export function PageHead({
  title,
  lead,
  children,
}: {
  readonly title: ReactNode;
  readonly lead?: ReactNode;
  readonly children?: ReactNode;
}) {
  return (
    <header className={classes['head']}>
      <div>
        <h1 className={classes['title']}>{title}</h1>
        {lead !== undefined && <p className={classes['lead']}>{lead}</p>}
      </div>
      {children !== undefined && <div className={classes['actions']}>{children}</div>}
    </header>
  );
}
