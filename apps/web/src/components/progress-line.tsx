import type { ReactNode } from 'react';
import { useFormats } from '../i18n/index.ts';
import classes from './progress-line.module.css';

/** A bar that is never without words: what is going on stands above it, the number beside. */
export function ProgressLine({
  percent,
  children,
  label,
  tone = 'running',
}: {
  /** 0 to 100. */
  readonly percent: number;
  /** What is going on: “Chapter 4 of 38”. */
  readonly children?: ReactNode;
  /** What is making progress, for screen readers. */
  readonly label: string;
  readonly tone?: 'running' | 'waiting' | 'done' | 'failed';
}) {
  const formats = useFormats();
  return (
    <div className={classes['progress']} data-tone={tone}>
      <div className={classes['words']}>
        <span>{children}</span>
        <span className="figures">{formats.percent(percent)}</span>
      </div>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
        className={classes['track']}
      >
        <div className={classes['bar']} style={{ transform: `scaleX(${percent / 100})` }} />
      </div>
    </div>
  );
}
