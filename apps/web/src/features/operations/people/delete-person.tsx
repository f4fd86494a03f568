import { Button, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { routes, type Person } from '@scriptorium/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { keyOf, markStale, useAction } from '../../../api/index.ts';
import { ErrorNotice } from '../../../components/index.ts';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { operationsMessages } from '../messages/index.ts';
import classes from './people.module.css';

/** The end of somebody's account: what goes, in numbers, and then the address typed by hand. */
export function DeletePerson({ person }: { readonly person: Person }) {
  const t = useMessages(operationsMessages);
  const formats = useFormats();
  const [isAsked, setIsAsked] = useState(false);
  const size = formats.bytes(person.storage.used_bytes);
  const credits = formats.number(person.credits.available + person.credits.held);
  return (
    <>
      <p className={classes['consequence']}>{t('removeWhat')}</p>
      <ul className={classes['goes']}>
        <li>{t('removeFiles', { size })}</li>
        {person.open_jobs > 0 && <li>{t('removeJobs', { count: person.open_jobs })}</li>}
        <li>{t('removeKeys')}</li>
        <li>{t('removeCredits', { credits })}</li>
      </ul>
      {isAsked ? (
        <Confirmation person={person} onKeep={() => setIsAsked(false)} />
      ) : (
        <Button variant="outline" color="failed" onClick={() => setIsAsked(true)}>
          {t('removeBegin')}
        </Button>
      )}
    </>
  );
}

function Confirmation({
  person,
  onKeep,
}: {
  readonly person: Person;
  readonly onKeep: () => void;
}) {
  const t = useMessages(operationsMessages);
  const navigate = useNavigate();
  const client = useQueryClient();
  const [typed, setTyped] = useState('');
  const { mutate, error, isPending } = useAction(routes.people.remove);
  const { id, email } = person;
  const remove = () =>
    mutate(
      { params: { id } },
      {
        onSuccess: () => {
          // Forgotten when the screen is left: while it is shown, it would be asked for again, and is not there.
          void navigate({ to: '/operations/people', replace: true }).then(() =>
            client.removeQueries({ queryKey: keyOf(routes.people.get) }),
          );
          void markStale(client, [routes.people.list]);
          notifications.show({
            title: t('removed', { email }),
            message: t('removedText'),
            withBorder: true,
          });
        },
      },
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        remove();
      }}
    >
      <Stack gap="md" maw={440}>
        <TextInput
          size="md"
          label={t('removeType', { email })}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          autoComplete="off"
          autoFocus
        />
        {error !== null && <ErrorNotice error={error} />}
        <div className={classes['choice']}>
          <Button type="submit" color="failed" disabled={isPending || typed.trim() !== email}>
            {isPending ? t('removing') : t('removeConfirm')}
          </Button>
          <Button variant="default" disabled={isPending} onClick={onKeep}>
            {t('cancel')}
          </Button>
        </div>
      </Stack>
    </form>
  );
}
