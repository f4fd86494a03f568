import { useMessages } from '../i18n/index.ts';
import type { Link } from '../api/live/job-channel.ts';
import { componentMessages } from './messages/index.ts';
import classes from './live-badge.module.css';

/** How the screen hears of a job: at once, after a while, or just now not. */
export function LiveBadge({ link }: { readonly link: Link }) {
  const t = useMessages(componentMessages);
  if (link === 'ended') return null;
  return (
    <span className={classes['badge']} data-link={link} title={t(`${link}Title`)}>
      {t(link)}
    </span>
  );
}
