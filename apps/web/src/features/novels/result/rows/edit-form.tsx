import { Button, Textarea } from '@mantine/core';
import type { ReactNode } from 'react';
import { useMessages } from '../../../../i18n/index.ts';
import { resultMessages } from '../messages/index.ts';
import classes from './rows.module.css';

/** The short sentences of one row in a field, one a line. Ctrl and Enter save, Escape leaves everything as it was. */
export function EditForm({
  number,
  text,
  language,
  isPending,
  onText,
  onSave,
  onDiscard,
  onTakeBack,
  children,
}: {
  readonly number: number;
  readonly text: string;
  readonly language: string | undefined;
  readonly isPending: boolean;
  readonly onText: (text: string) => void;
  readonly onSave: (sentences: readonly string[]) => void;
  readonly onDiscard: () => void;
  /** Undefined where nobody has written anything yet. */
  readonly onTakeBack: (() => void) | undefined;
  readonly children: ReactNode;
}) {
  const t = useMessages(resultMessages);
  const sentences = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const canSave = sentences.length > 0 && !isPending;
  return (
    <form
      className={classes['form']}
      onSubmit={(event) => {
        event.preventDefault();
        if (canSave) onSave(sentences);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onDiscard();
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && canSave) onSave(sentences);
      }}
    >
      <Textarea
        aria-label={t('editLabel', { number })}
        description={t('editLabel', { number })}
        lang={language}
        autosize
        minRows={2}
        maxRows={12}
        autoFocus
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
      />
      {children}
      <div className={classes['formActions']}>
        <Button type="submit" size="compact-md" disabled={!canSave}>
          {t('save')}
        </Button>
        <Button size="compact-md" variant="default" onClick={onDiscard}>
          {t('discard')}
        </Button>
        {onTakeBack !== undefined && (
          <Button size="compact-md" variant="subtle" disabled={isPending} onClick={onTakeBack}>
            {t('takeBack')}
          </Button>
        )}
      </div>
    </form>
  );
}
