import { Button, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { useMessages } from '../i18n/index.ts';
import { componentMessages } from './messages/index.ts';
import classes from './copy-field.module.css';

/** A secret or a link that is shown once, and how to take it along. */
export function CopyField({ label, value }: { readonly label: string; readonly value: string }) {
  const t = useMessages(componentMessages);
  const field = useRef<HTMLInputElement>(null);
  const [outcome, setOutcome] = useState<'copied' | 'pressToCopy'>();
  const copy = async () => {
    field.current?.select();
    setOutcome((await writeToClipboard(value)) ? 'copied' : 'pressToCopy');
  };
  return (
    <div>
      <div className={classes['line']}>
        <TextInput
          ref={field}
          size="md"
          label={label}
          value={value}
          readOnly
          onFocus={(event) => event.currentTarget.select()}
          className={classes['field']}
          classNames={{ input: classes['input'] ?? '' }}
        />
        <Button variant="default" onClick={() => void copy()}>
          {t('copy')}
        </Button>
      </div>
      <p role="status" className={classes['outcome']}>
        {outcome !== undefined && t(outcome)}
      </p>
    </div>
  );
}

/** False where the browser does not let the page do it: over plain HTTP there is no clipboard at all. */
async function writeToClipboard(text: string): Promise<boolean> {
  if (!isSecureContext) return false;
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (error) {
    if (error instanceof DOMException) return false;
    throw error;
  }
}
