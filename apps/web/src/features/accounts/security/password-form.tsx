import { Button, PasswordInput, Stack } from '@mantine/core';
import { ApiError, routes } from '@scriptorium/contract';
import type { FormEvent } from 'react';
import { useAction, useUser } from '../../../api/index.ts';
import { ErrorNotice } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { accountMessages } from '../messages/index.ts';
import { textOf } from '../../../app/form-text.ts';
import classes from './security.module.css';

/** A new password by the old one. */
export function PasswordForm() {
  const t = useMessages(accountMessages);
  const user = useUser();
  const { mutate, error, isPending, isSuccess } = useAction(routes.self.changePassword, [
    routes.self.sessions,
  ]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const filled = new FormData(form);
    mutate(
      {
        body: {
          current_password: textOf(filled, 'current'),
          password: textOf(filled, 'password'),
        },
      },
      { onSuccess: () => form.reset() },
    );
  };
  const isWrong = isWrongPassword(error);
  return (
    <form onSubmit={submit}>
      <Stack gap="md" maw={440}>
        {/* For the password manager, which wants to know whose it is. */}
        <input
          type="email"
          name="email"
          autoComplete="username"
          value={user?.email ?? ''}
          readOnly
          hidden
        />
        <PasswordInput
          size="md"
          name="current"
          label={t('currentPassword')}
          autoComplete="current-password"
          required
          withAsterisk={false}
          error={isWrong && t('wrongPassword')}
        />
        <PasswordInput
          size="md"
          name="password"
          label={t('newPassword')}
          autoComplete="new-password"
          minLength={8}
          required
          withAsterisk={false}
        />
        {error !== null && !isWrong && <ErrorNotice error={error} />}
        <div>
          <Button type="submit" disabled={isPending}>
            {isPending ? t('changingPassword') : t('changePassword')}
          </Button>
        </div>
        <p role="status" className={classes['said']}>
          {isSuccess && t('passwordChanged')}
        </p>
      </Stack>
    </form>
  );
}

/** True when the server says that the password which was shown is not the user's. */
export function isWrongPassword(error: Error | null): boolean {
  return error instanceof ApiError && error.code === 'auth.wrong_password';
}
