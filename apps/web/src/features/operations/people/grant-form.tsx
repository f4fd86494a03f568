import { Button, TextInput } from '@mantine/core';
import { routes, type Person } from '@scriptorium/contract';
import type { FormEvent } from 'react';
import { textOf } from '../../../app/form-text.ts';
import { useAction } from '../../../api/index.ts';
import { ErrorNotice } from '../../../components/index.ts';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { operationsMessages } from '../messages/index.ts';
import { STALE } from './stale.ts';
import classes from './people.module.css';

/** Credits given or taken back, with a note that stands in the statement. */
export function GrantForm({ person }: { readonly person: Person }) {
  const t = useMessages(operationsMessages);
  const formats = useFormats();
  const { mutate, data, error, isPending } = useAction(routes.people.grant, [
    ...STALE,
    routes.credits.balance,
    routes.credits.entries,
  ]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const filled = new FormData(form);
    const note = textOf(filled, 'note');
    mutate(
      {
        params: { id: person.id },
        body: { credits: Number(textOf(filled, 'credits')), ...(note === '' ? {} : { note }) },
      },
      { onSuccess: () => form.reset() },
    );
  };
  return (
    <form onSubmit={submit}>
      <div className={classes['line']}>
        <TextInput
          size="md"
          name="credits"
          type="number"
          step="0.001"
          label={t('grantAmount')}
          required
          withAsterisk={false}
          className={classes['number'] ?? ''}
        />
        <TextInput
          size="md"
          name="note"
          label={t('grantNote', { email: person.email })}
          maxLength={500}
          autoComplete="off"
          className={classes['wide'] ?? ''}
        />
        <Button type="submit" variant="default" disabled={isPending}>
          {isPending ? t('granting') : t('grantButton')}
        </Button>
      </div>
      <p role="status" className={classes['said']}>
        {data !== undefined &&
          t('granted', {
            amount: formats.signed(data.amount),
            available: formats.number(data.available_after),
          })}
      </p>
      {error !== null && <ErrorNotice error={error} />}
    </form>
  );
}
