import type { ShortenedSentence } from '@scriptorium/contract';
import { useCallback, useState, type ReactNode } from 'react';
import { ErrorNotice } from '../../../../components/index.ts';
import { EditForm } from './edit-form.tsx';
import { useEdit } from './use-edit.ts';

/** A sentence that is being written over. It is kept by the table, because a row that is scrolled away is no longer drawn. */
interface Draft {
  readonly before: ShortenedSentence;
  readonly text: string;
}

export interface DraftControl {
  readonly begin: (row: ShortenedSentence) => void;
  /** The form for a row that is being written over; undefined for all others. `onClose` moves the focus. */
  readonly formFor: (row: ShortenedSentence | undefined, onClose: () => void) => ReactNode;
}

/** At most one sentence of a table is written over at a time. */
export function useDraft(jobId: number, language: string | undefined): DraftControl {
  const [draft, setDraft] = useState<Draft>();
  const { edit, error, isPending } = useEdit(jobId);
  const begin = useCallback(
    (row: ShortenedSentence) => setDraft({ before: row, text: row.sentences.join('\n') }),
    [],
  );
  const formFor = (row: ShortenedSentence | undefined, onClose: () => void) => {
    if (draft === undefined || draft.before.id !== row?.id) return undefined;
    const { before, text } = draft;
    const close = () => {
      setDraft(undefined);
      onClose();
    };
    return (
      <EditForm
        number={before.id}
        text={text}
        language={language}
        isPending={isPending}
        onText={(next) => setDraft({ before, text: next })}
        onSave={(sentences) => edit({ before, sentences }, close)}
        onDiscard={close}
        onTakeBack={
          before.label === 'edited' ? () => edit({ before, sentences: [] }, close) : undefined
        }
      >
        {error !== null && <ErrorNotice error={error} />}
      </EditForm>
    );
  };
  return { begin, formFor };
}
