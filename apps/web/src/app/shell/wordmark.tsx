import classes from './shell.module.css';

/** The name, set as a scribe would begin a page: its initial rubricated. */
export function Wordmark() {
  return (
    <span className={classes['wordmark']}>
      <span className={classes['initial']}>S</span>criptorium
    </span>
  );
}
