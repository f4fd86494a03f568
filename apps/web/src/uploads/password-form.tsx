import { Button, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { useMessages } from '../i18n/index.ts';
import { uploadMessages } from './messages/index.ts';
import classes from './upload-lines.module.css';

/** Asks for the password of an encrypted PDF, and says when the one before was wrong. */
export function PasswordForm({
  name,
  wasWrong,
  onPassword,
}: {
  readonly name: string;
  readonly wasWrong: boolean;
  readonly onPassword: (password: string) => void;
}) {
  const t = useMessages(uploadMessages);
  const [password, setPassword] = useState('');
  return (
    <form
      className={classes['password']}
      onSubmit={(event) => {
        event.preventDefault();
        if (password !== '') onPassword(password);
      }}
    >
      <PasswordInput
        label={t('passwordLabel')}
        aria-label={t('password', { name })}
        description={t('lockedText')}
        error={wasWrong ? t('wrongPassword') : undefined}
        autoComplete="off"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        className={classes['passwordField']}
      />
      <Button type="submit" variant="default" disabled={password === ''}>
        {t('unlock')}
      </Button>
    </form>
  );
}
