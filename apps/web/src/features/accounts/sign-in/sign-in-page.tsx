import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { ApiError, routes } from '@scriptorium/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { api, sessionQuery } from '../../../api/index.ts';
import { ErrorNotice } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { Entrance } from './entrance.tsx';
import { signInMessages } from './messages/index.ts';
import { textOf } from '../../../app/form-text.ts';
import classes from './entrance.module.css';

const route = getRouteApi('/sign-in');

/** E-mail and password; afterwards the screen that was asked for. */
export function SignInPage() {
  const t = useMessages(signInMessages);
  const { next } = route.useSearch();
  const router = useRouter();
  const client = useQueryClient();
  const signIn = useMutation({
    mutationFn: (body: { email: string; password: string }) =>
      api.call(routes.auth.login, { body: { ...body, cookie: true } }),
    onSuccess: ({ user }) => {
      client.setQueryData(sessionQuery.queryKey, user);
      router.history.push(ownAddress(next));
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    signIn.mutate({ email: textOf(form, 'email'), password: textOf(form, 'password') });
  };
  const { error } = signIn;
  const isWrong = error instanceof ApiError && error.code === 'auth.invalid_credentials';
  return (
    <Entrance title={t('signIn')}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            name="email"
            type="email"
            label={t('email')}
            autoComplete="username"
            required
            autoFocus
            withAsterisk={false}
            size="md"
          />
          <PasswordInput
            name="password"
            label={t('password')}
            autoComplete="current-password"
            required
            withAsterisk={false}
            size="md"
            error={isWrong && t('wrongCredentials')}
          />
          {error !== null && !isWrong && <ErrorNotice error={error} />}
          <Button type="submit" size="md" disabled={signIn.isPending} mt="xs">
            {signIn.isPending ? t('signingIn') : t('signIn')}
          </Button>
        </Stack>
      </form>
      <p className={classes['hint']}>{t('noOwnerYet')}</p>
    </Entrance>
  );
}

/** The address to go back to, if it is one of ours: a link must not send a person who has just signed in somewhere else. */
function ownAddress(next: string | undefined): string {
  const url = new URL(next ?? '/', location.origin);
  return url.origin === location.origin ? url.pathname + url.search + url.hash : '/';
}
