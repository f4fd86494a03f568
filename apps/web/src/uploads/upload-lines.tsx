import { ActionIcon, Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ErrorNotice, ProgressLine, StatusBadge } from '../components/index.ts';
import { useFormats, useMessages } from '../i18n/index.ts';
import { uploadMessages } from './messages/index.ts';
import { PasswordForm } from './password-form.tsx';
import type { Upload, UploadQueue, UploadState } from './upload-queue.ts';
import { useUploads } from './use-uploads.ts';
import classes from './upload-lines.module.css';

/** What a feature says of its files in its own words: they agree with what a file is there. */
export interface UploadWords {
  /** While the server reads one that has arrived. */
  readonly reading: string;
  readonly stored: string;
  readonly known: string;
  readonly failed: string;
}

interface LinesProps<Item> {
  readonly queue: UploadQueue<Item>;
  readonly words: UploadWords;
  /** A link to what a file has become. */
  readonly linkTo: (item: Item) => ReactNode;
}

type LineProps<Item> = LinesProps<Item> & { readonly upload: Upload<Item> };

/** The files on their way and those that have just arrived, one line each. */
export function UploadLines<Item>(props: LinesProps<Item>) {
  const t = useMessages(uploadMessages);
  const uploads = useUploads(props.queue);
  return (
    <>
      <Announcement upload={uploads.at(-1)} words={props.words} />
      {uploads.length > 0 && (
        <ul className={classes['list']} aria-label={t('uploads')}>
          {uploads.map((upload) => (
            <li key={upload.id} className={classes['item']}>
              <div className={classes['what']}>
                <StateOf upload={upload} {...props} />
              </div>
              <UploadActions upload={upload} queue={props.queue} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** The stage of the newest file for those who do not see it: each stage once, not each per cent. */
function Announcement<Item>({
  upload,
  words,
}: {
  readonly upload: Upload<Item> | undefined;
  readonly words: UploadWords;
}) {
  const t = useMessages(uploadMessages);
  const stages = {
    waiting: t('waiting'),
    sending: t('uploads'),
    stored: words.stored,
    known: words.known,
    locked: t('locked'),
    failed: words.failed,
    cancelled: t('cancelled'),
  } satisfies Record<UploadState<Item>['kind'], string>;
  return (
    <p className="visually-hidden" role="status">
      {upload === undefined ? '' : `${upload.file.name}: ${stages[upload.state.kind]}`}
    </p>
  );
}

function UploadActions<Item>({
  upload: { id, file, state },
  queue,
}: Pick<LineProps<Item>, 'upload' | 'queue'>) {
  const t = useMessages(uploadMessages);
  const isOnItsWay = state.kind === 'waiting' || state.kind === 'sending';
  return (
    <div className={classes['actions']}>
      {(state.kind === 'failed' || state.kind === 'cancelled') && (
        <Button size="compact-md" variant="default" onClick={() => queue.retry(id)}>
          {t('sendAgain')}
        </Button>
      )}
      {isOnItsWay ? (
        <Button size="compact-md" variant="default" onClick={() => queue.cancel(id)}>
          {t('cancel')}
        </Button>
      ) : (
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          className={classes['dismiss']}
          aria-label={t('dismiss', { name: file.name })}
          onClick={() => queue.dismiss(id)}
        >
          <IconX size={18} aria-hidden="true" />
        </ActionIcon>
      )}
    </div>
  );
}

function StateOf<Item>({ upload: { id, file, state }, queue, words, linkTo }: LineProps<Item>) {
  const t = useMessages(uploadMessages);
  const formats = useFormats();
  switch (state.kind) {
    case 'waiting':
      return (
        <ProgressLine percent={0} label={file.name} tone="waiting">
          {`${file.name}: ${t('waiting')}`}
        </ProgressLine>
      );
    case 'sending': {
      const stage =
        state.sent >= file.size
          ? words.reading
          : t('sending', { sent: formats.bytes(state.sent), size: formats.bytes(file.size) });
      // What is sent is not yet read: the last per cent is the server's to give.
      const percent = Math.min(99, Math.round((state.sent / Math.max(file.size, 1)) * 100));
      return (
        <ProgressLine percent={percent} label={file.name}>{`${file.name}: ${stage}`}</ProgressLine>
      );
    }
    case 'stored':
    case 'known':
      return (
        <>
          <StatusBadge tone="done">{words[state.kind]}</StatusBadge> {linkTo(state.item)}
        </>
      );
    case 'locked':
      return (
        <>
          <StatusBadge tone="waiting">{t('locked')}</StatusBadge> {file.name}
          <PasswordForm
            name={file.name}
            wasWrong={state.wasWrong}
            onPassword={(password) => queue.retry(id, password)}
          />
        </>
      );
    case 'cancelled':
      return (
        <>
          <StatusBadge tone="stopped">{t('cancelled')}</StatusBadge> {file.name}
        </>
      );
    case 'failed':
      return (
        <>
          <StatusBadge tone="failed">{words.failed}</StatusBadge> {file.name}
          <ErrorNotice error={state.error} />
        </>
      );
  }
}
