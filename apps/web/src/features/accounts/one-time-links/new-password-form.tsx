import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { ApiError, type Session } from '@scriptorium/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { sessionQuery } from '../../../api/index.ts';
import { ErrorNotice } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { textOf } from '../../../app/form-text.ts';
import { linkMessages } from './messages/index.ts';
import classes from './new-password-form.module.css';

/** What is filled in; `email` is empty where it is not asked for. */
export interface NewPassword {
  readonly email: string;
  readonly password: string;
}

/** The form behind every one-time link: at its end somebody is signed in, and the address with the link is out of the history. */
export function NewPasswordForm({
  send,
  label,
  pending,
  withEmail = false,
  refusals,
}: {
  readonly send: (filled: NewPassword) => Promise<Session>;
  readonly label: string;
  /** On the button, while it is sent. */
  readonly pending: string;
  readonly withEmail?: boolean;
  /** In our words, what the server refuses with these codes. */
  readonly refusals: Readonly<Record<string, string>>;
}) {
  const t = useMessages(linkMessages);
  const navigate = useNavigate();
  const client = useQueryClient();
  const { mutate, error, isPending } = useMutation({
    mutationFn: send,
    onSuccess: async ({ user }) => {
      client.clear();
      client.setQueryData(sessionQuery.queryKey, user);
      await navigate({ to: '/', replace: true });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    mutate({ email: textOf(form, 'email'), password: textOf(form, 'password') });
  };
  const refusal = error instanceof ApiError ? refusals[error.code] : undefined;
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {withEmail && (
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
        )}
        <PasswordInput
          name="password"
          label={withEmail ? t('firstPassword') : t('newPassword')}
          autoComplete="new-password"
          minLength={8}
          required
          withAsterisk={false}
          size="md"
        />
        {refusal !== undefined && (
          <p role="alert" className={classes['refusal']}>
            {refusal} <Link to="/sign-in">{t('toSignIn')}</Link>
          </p>
        )}
        {error !== null && refusal === undefined && <ErrorNotice error={error} />}
        <Button type="submit" size="md" disabled={isPending} mt="xs">
          {isPending ? pending : label}
        </Button>
      </Stack>
    </form>
  );
}
