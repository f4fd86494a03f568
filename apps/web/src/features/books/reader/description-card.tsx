import type { Description } from '@scriptorium/contract';
import { ActionIcon } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useRef, type Ref } from 'react';
import { useMessages } from '../../../i18n/index.ts';
import { copyText } from './copy-text.ts';
import { readerMessages } from './messages/index.ts';
import classes from './description-card.module.css';

export interface DescriptionCardProps {
  readonly description: Description;
  /** The passage or this card is under the pointer or has the focus. */
  readonly isLit: boolean;
  readonly language: string | undefined;
  readonly onLight: (id: number | undefined) => void;
  /** Goes to the passage. */
  readonly onOpen: (description: Description) => void;
  readonly buttonRef?: Ref<HTMLButtonElement>;
}

/** A passage that asks to be pictured: what kind it is, its words, and the way to its place. */
export function DescriptionCard(props: DescriptionCardProps) {
  const { description, isLit, language, onLight, onOpen, buttonRef } = props;
  const { id, kind, quote } = description;
  const t = useMessages(readerMessages);
  const words = useRef<HTMLQuoteElement>(null);
  return (
    <div
      className={classes['card']}
      data-kind={kind}
      data-lit={isLit || undefined}
      onPointerEnter={() => onLight(id)}
      onPointerLeave={() => onLight(undefined)}
    >
      <button
        ref={buttonRef}
        type="button"
        className={classes['go']}
        data-card={id}
        title={t('showInText')}
        onClick={() => onOpen(description)}
        onFocus={() => onLight(id)}
        onBlur={() => onLight(undefined)}
      >
        <span className={classes['kind']}>
          <span className="gloss-sign" data-kind={kind} aria-hidden="true" />
          {t(kind)}
        </span>
        <q ref={words} className={classes['quote']} lang={language}>
          {quote}
        </q>
      </button>
      <ActionIcon
        className={classes['copy'] ?? ''}
        variant="subtle"
        color="gray"
        aria-label={t('copy')}
        title={t('copy')}
        onClick={() => void copyText(quote, words.current, t)}
      >
        <IconCopy size={16} aria-hidden="true" />
      </ActionIcon>
    </div>
  );
}
