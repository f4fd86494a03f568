import { Button, PasswordInput, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { routes } from '@scriptorium/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { api, sessionQuery, useUser } from '../../../api/index.ts';
import { ErrorNotice } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { accountMessages } from '../messages/index.ts';
import { textOf } from '../../../app/form-text.ts';
import { isWrongPassword } from './password-form.tsx';
import classes from './security.module.css';

const GOES = ['removeBooks', 'removeNovels', 'removeJobs', 'removeKeys', 'removeCredits'] as const;

/** The end of the account: what goes with it stands there before the password is asked for. */
export function DeleteAccount() {
  const t = useMessages(accountMessages);
  const user = useUser();
  const [isAsked, setIsAsked] = useState(false);
  if (user?.role === 'owner') return <p className={classes['said']}>{t('removeOwner')}</p>;
  return (
    <>
      <p className={classes['what']}>{t('removeWhat')}</p>
      <ul className={classes['goes']}>
        {GOES.map((what) => (
          <li key={what}>{t(what)}</li>
        ))}
      </ul>
      {isAsked ? (
        <Confirmation onKeep={() => setIsAsked(false)} />
      ) : (
        <Button variant="outline" color="failed" onClick={() => setIsAsked(true)}>
          {t('removeBegin')}
        </Button>
      )}
    </>
  );
}

function Confirmation({ onKeep }: { readonly onKeep: () => void }) {
  const t = useMessages(accountMessages);
  const navigate = useNavigate();
  const client = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: (password: string) => api.call(routes.self.remove, { body: { password } }),
    onSuccess: async () => {
      client.clear();
      client.setQueryData(sessionQuery.queryKey, null);
      await navigate({ to: '/sign-in', replace: true });
      notifications.show({
        title: t('removedTitle'),
        message: t('removedText'),
        autoClose: false,
        withBorder: true,
      });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    mutate(textOf(new FormData(event.currentTarget), 'password'));
  };
  const isWrong = isWrongPassword(error);
  return (
    <form onSubmit={submit}>
      <Stack gap="md" maw={440}>
        <PasswordInput
          size="md"
          name="password"
          label={t('removePassword')}
          autoComplete="current-password"
          required
          withAsterisk={false}
          autoFocus
          error={isWrong && t('wrongPassword')}
        />
        {error !== null && !isWrong && <ErrorNotice error={error} />}
        <div className={classes['choice']}>
          <Button type="submit" color="failed" disabled={isPending}>
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
