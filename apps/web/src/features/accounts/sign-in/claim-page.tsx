import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { ApiError, routes } from '@scriptorium/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { api, sessionQuery } from '../../../api/index.ts';
import { ErrorNotice } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { Entrance } from './entrance.tsx';
import { textOf } from '../../../app/form-text.ts';
import { signInMessages } from './messages/index.ts';
import classes from './entrance.module.css';

const route = getRouteApi('/first/$token');

/** Behind the one-time link of the first start: whoever has it becomes the owner. */
export function ClaimPage() {
  const t = useMessages(signInMessages);
  const { token } = route.useParams();
  const navigate = useNavigate();
  const client = useQueryClient();
  const claim = useMutation({
    mutationFn: (body: { email: string; password: string }) =>
      api.call(routes.auth.claim, { body: { ...body, token, cookie: true } }),
    onSuccess: async ({ user }) => {
      client.setQueryData(sessionQuery.queryKey, user);
      // Replaced, so that neither the history nor the back button keeps the link.
      await navigate({ to: '/', replace: true });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    claim.mutate({ email: textOf(form, 'email'), password: textOf(form, 'password') });
  };
  const { error } = claim;
  const isSpent = error instanceof ApiError && error.code === 'auth.claim_invalid';
  return (
    <Entrance title={t('claimTitle')} lead={t('claimLead')}>
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
            label={t('newPassword')}
            autoComplete="new-password"
            minLength={8}
            required
            withAsterisk={false}
            size="md"
          />
          {isSpent && (
            <p role="alert" className={classes['spent']}>
              {t('claimSpent')} <Link to="/sign-in">{t('toSignIn')}</Link>
            </p>
          )}
          {error !== null && !isSpent && <ErrorNotice error={error} />}
          <Button type="submit" size="md" disabled={claim.isPending} mt="xs">
            {claim.isPending ? t('claiming') : t('claim')}
          </Button>
        </Stack>
      </form>
    </Entrance>
  );
}
