import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Suspense } from 'react';
import { explain } from './explain-error.ts';
import { useMessages } from '../i18n/index.ts';
import { useTeller } from '../said/index.ts';
import { componentMessages } from './messages/index.ts';
import classes from './error-notice.module.css';

/**
 * What went wrong and what to do, as the server means it and in the person's language; the code and the request's number are there for the operator.
 * `onRetry` adds the button where trying again makes sense.
 */
export function ErrorNotice(props: NoticeProps) {
  // Words that could not be had with the screen are asked for again; the screen around stays meanwhile.
  return (
    <Suspense>
      <Notice {...props} />
    </Suspense>
  );
}

interface NoticeProps {
  readonly error: Error;
  readonly onRetry?: () => void;
}

function Notice({ error, onRetry }: NoticeProps) {
  const t = useMessages(componentMessages);
  const { title, detail, mistakes, reference } = explain(error, t, useTeller());
  return (
    <div role="alert" className={classes['notice']}>
      <IconAlertTriangle aria-hidden="true" size={20} className={classes['icon']} />
      <div>
        <strong>{title}</strong>
        <p className={classes['detail']}>{detail}</p>
        {mistakes.length > 0 && (
          <ul className={classes['mistakes']}>
            {mistakes.map((mistake) => (
              <li key={mistake}>{mistake}</li>
            ))}
          </ul>
        )}
        <p className={classes['reference']}>{reference}</p>
        {onRetry !== undefined && (
          <Button size="compact-md" variant="default" mt={8} onClick={onRetry}>
            {t('tryAgain')}
          </Button>
        )}
      </div>
    </div>
  );
}
