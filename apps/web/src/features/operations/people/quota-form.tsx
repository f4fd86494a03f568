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

const MEGABYTE = 1_000_000;

/** A limit of storage of one's own, in place of the installation's. */
export function QuotaForm({ person }: { readonly person: Person }) {
  const t = useMessages(operationsMessages);
  const formats = useFormats();
  const { mutate, data, error, isPending } = useAction(routes.people.change, STALE);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = textOf(new FormData(event.currentTarget), 'megabytes');
    const quota = text === '' ? null : Math.round(Number(text) * MEGABYTE);
    mutate({ params: { id: person.id }, body: { quota_bytes: quota } });
  };
  const saved = data?.storage.quota_bytes;
  const now = person.storage.quota_bytes;
  return (
    <form onSubmit={submit}>
      <div className={classes['line']}>
        <TextInput
          size="md"
          name="megabytes"
          type="number"
          inputMode="numeric"
          min={0}
          label={t('quotaField')}
          description={t('quotaHint')}
          defaultValue={now === null ? '' : String(now / MEGABYTE)}
          className={classes['narrow'] ?? ''}
        />
        <Button type="submit" variant="default" disabled={isPending}>
          {isPending ? t('saving') : t('save')}
        </Button>
      </div>
      <p role="status" className={classes['said']}>
        {saved === null && t('quotaNone')}
        {typeof saved === 'number' && t('quotaSaved', { quota: formats.bytes(saved) })}
      </p>
      {error !== null && <ErrorNotice error={error} />}
    </form>
  );
}
