import { Button, TextInput } from '@mantine/core';
import { routes } from '@scriptorium/contract';
import { useState, type FormEvent } from 'react';
import { useAction } from '../../../api/index.ts';
import { ErrorNotice } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { accountMessages } from '../messages/index.ts';
import classes from './preferences.module.css';

/** For how many days ended jobs are kept. Nothing is deleted before it is saved. */
export function HistoryForm({ kept }: { readonly kept: number | null }) {
  const t = useMessages(accountMessages);
  const [text, setText] = useState(kept === null ? '' : String(kept));
  const { mutate, isPending, error } = useAction(routes.self.changeSettings, [
    routes.self.settings,
  ]);
  const days = text === '' ? null : Number(text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate({ body: { history_days: days } });
  };
  return (
    <form onSubmit={submit}>
      <div className={classes['days']}>
        <TextInput
          size="md"
          type="number"
          inputMode="numeric"
          min={1}
          max={3650}
          label={t('historyDays')}
          description={t('historyForever')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={isPending || days === kept}>
          {isPending ? t('saving') : t('save')}
        </Button>
      </div>
      <p role="status" className={classes['said']}>
        {days !== kept ? t('historyNotSaved') : kept !== null && t('historyKept', { count: kept })}
      </p>
      {error !== null && <ErrorNotice error={error} />}
    </form>
  );
}
