import {
  IconAlertTriangle,
  IconBan,
  IconCheck,
  IconClock,
  IconEyeOff,
  IconPlayerPlay,
  type Icon,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './status-badge.module.css';

/** What a state means, whatever it is called: the colour and the sign follow from it. */
export type Tone = 'waiting' | 'running' | 'done' | 'failed' | 'stopped' | 'quiet';

const SIGNS: Readonly<Record<Tone, Icon>> = {
  waiting: IconClock,
  running: IconPlayerPlay,
  done: IconCheck,
  failed: IconAlertTriangle,
  stopped: IconBan,
  quiet: IconEyeOff,
};

/** A state in words, with a sign and a colour: never a colour alone. */
export function StatusBadge({
  tone,
  children,
}: {
  readonly tone: Tone;
  readonly children: ReactNode;
}) {
  const Sign = SIGNS[tone];
  return (
    <span className={classes['badge']} data-tone={tone}>
      <Sign size={14} stroke={2} aria-hidden="true" />
      <span>{children}</span>
    </span>
  );
}
