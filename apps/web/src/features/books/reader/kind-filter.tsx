import type { Description } from '@scriptorium/contract';
import { useMessages } from '../../../i18n/index.ts';
import { KINDS, type Kind } from './chapter-view.ts';
import { PLURALS } from './kind-words.ts';
import { readerMessages } from './messages/index.ts';
import classes from './panels.module.css';

/** Which kinds are shown; only those that are there can be chosen. */
export function KindFilter({
  descriptions,
  hidden,
  onChange,
}: {
  readonly descriptions: readonly Description[];
  readonly hidden: readonly Kind[];
  readonly onChange: (hidden: readonly Kind[]) => void;
}) {
  const t = useMessages(readerMessages);
  const counts = Map.groupBy(descriptions, ({ kind }) => kind);
  const present = KINDS.filter((kind) => counts.has(kind));
  if (present.length < 2) return null;
  return (
    <div role="group" aria-label={t('shownKinds')} className={classes['kinds']}>
      {present.map((kind) => {
        const isShown = !hidden.includes(kind);
        return (
          <button
            key={kind}
            type="button"
            className={classes['kind']}
            data-kind={kind}
            aria-pressed={isShown}
            onClick={() =>
              onChange(isShown ? [...hidden, kind] : hidden.filter((other) => other !== kind))
            }
          >
            <span className="gloss-sign" data-kind={kind} aria-hidden="true" />
            {t(PLURALS[kind])}
            <span className="figures">{counts.get(kind)?.length}</span>
          </button>
        );
      })}
    </div>
  );
}
