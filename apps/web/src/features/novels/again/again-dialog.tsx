import { Button, Modal } from '@mantine/core';
import { routes, type Estimate } from '@scriptorium/contract';
import { useQuery } from '@tanstack/react-query';
import { query } from '../../../api/index.ts';
import { ErrorNotice, SkeletonLines } from '../../../components/index.ts';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { novelsMessages } from '../messages/index.ts';
import { Figures } from '../novel/index.ts';
import { againMessages } from './messages/index.ts';
import classes from './again.module.css';

export interface AgainDialogProps {
  readonly title: string;
  /** Undefined until it is known. */
  readonly estimate: Estimate | undefined;
  /** Why it cannot be estimated or started. */
  readonly error: Error | null;
  readonly isStarting: boolean;
  readonly onStart: () => void;
  readonly onClose: () => void;
}

/** What doing something again will take, before a credit is held: asked before every such start. */
export function AgainDialog(props: AgainDialogProps) {
  const { title, estimate, error, isStarting, onStart, onClose } = props;
  const t = useMessages(againMessages);
  const names = useMessages(novelsMessages);
  const { data: balance } = useQuery(query(routes.credits.balance, {}));
  const needed = estimate?.credits.high ?? 0;
  const isShort = balance !== undefined && balance.available < needed;
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('close') }}>
      {estimate === undefined && error === null && (
        <SkeletonLines lines={4} label={names('estimating')} />
      )}
      {estimate !== undefined && <Again estimate={estimate} />}
      {error !== null && <ErrorNotice error={error} />}
      {isShort && <Missing needed={needed} available={balance.available} />}
      <div className={classes['start']}>
        <Button
          data-autofocus
          disabled={estimate === undefined || isShort || isStarting}
          onClick={onStart}
        >
          {isStarting ? names('starting') : names('start')}
        </Button>
        <Button variant="subtle" onClick={onClose}>
          {t('leave')}
        </Button>
      </div>
    </Modal>
  );
}

function Again({ estimate }: { readonly estimate: Estimate }) {
  const t = useMessages(againMessages);
  const names = useMessages(novelsMessages);
  const formats = useFormats();
  const { sentences, pages, credits, cost_usd: cost } = estimate;
  return (
    <div className={classes['figures']}>
      <p role="status">
        {sentences === 0
          ? t('nothing')
          : t('what', { count: sentences, pages: names('pages', { count: pages }) })}
      </p>
      <Figures estimate={estimate} />
      {cost === null && <p className={classes['hint']}>{names('unknownMoney')}</p>}
      <p className={classes['hint']}>
        {credits.high === 0
          ? names('holdsNothing')
          : names('holds', { credits: formats.number(credits.high) })}
      </p>
    </div>
  );
}

function Missing({ needed, available }: { readonly needed: number; readonly available: number }) {
  const names = useMessages(novelsMessages);
  const formats = useFormats();
  return (
    <p className={classes['missing']} role="status">
      {names('missingText', {
        needed: formats.number(needed),
        available: formats.number(available),
      })}
    </p>
  );
}
