import { ActionIcon, Anchor, Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { ErrorNotice, ProgressLine, StatusBadge } from '../../../components/index.ts';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { libraryMessages } from '../messages/index.ts';
import type { Upload, UploadQueue } from './upload-queue.ts';
import classes from './uploads.module.css';

/** The files on their way and those that have just arrived, one line each. */
export function UploadList({
  uploads,
  queue,
}: {
  readonly uploads: readonly Upload[];
  readonly queue: UploadQueue;
}) {
  const t = useMessages(libraryMessages);
  if (uploads.length === 0) return null;
  return (
    <ul className={classes['list']} aria-label={t('uploads')}>
      {uploads.map((upload) => (
        <li key={upload.id} className={classes['item']}>
          <UploadLine upload={upload} queue={queue} />
        </li>
      ))}
    </ul>
  );
}

function UploadLine({ upload, queue }: { readonly upload: Upload; readonly queue: UploadQueue }) {
  const t = useMessages(libraryMessages);
  const { id, file, state } = upload;
  const isOnItsWay = state.kind === 'waiting' || state.kind === 'sending';
  return (
    <>
      <div className={classes['what']}>
        <UploadWords upload={upload} />
      </div>
      <div className={classes['actions']}>
        {(state.kind === 'failed' || state.kind === 'cancelled') && (
          <Button size="compact-md" variant="default" onClick={() => queue.retry(id)}>
            {t('retryUpload')}
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
            aria-label={t('dismiss', { name: file.name })}
            onClick={() => queue.dismiss(id)}
          >
            <IconX size={18} aria-hidden="true" />
          </ActionIcon>
        )}
      </div>
    </>
  );
}

function UploadWords({ upload: { file, state } }: { readonly upload: Upload }) {
  const t = useMessages(libraryMessages);
  const formats = useFormats();
  switch (state.kind) {
    case 'waiting':
      return (
        <ProgressLine
          percent={0}
          label={file.name}
          tone="waiting"
        >{`${file.name}: ${t('uploadWaiting')}`}</ProgressLine>
      );
    case 'sending': {
      const isSent = state.sent >= file.size;
      const words = isSent
        ? t('uploadReading')
        : t('uploadSending', { sent: formats.bytes(state.sent), size: formats.bytes(file.size) });
      // What is sent is not yet read: the last per cent is the server's to give.
      const percent = Math.min(99, Math.round((state.sent / Math.max(file.size, 1)) * 100));
      return (
        <ProgressLine percent={percent} label={file.name}>{`${file.name}: ${words}`}</ProgressLine>
      );
    }
    case 'stored':
    case 'known':
      return (
        <>
          <StatusBadge tone="done">{t(state.kind)}</StatusBadge>{' '}
          <Anchor
            renderRoot={(props) => (
              <Link to="/books/$bookId" params={{ bookId: String(state.book.id) }} {...props} />
            )}
          >
            {state.book.title}
          </Anchor>
        </>
      );
    case 'cancelled':
      return (
        <>
          <StatusBadge tone="stopped">{t('uploadCancelled')}</StatusBadge> {file.name}
        </>
      );
    case 'failed':
      return (
        <>
          <StatusBadge tone="failed">{t('uploadFailed')}</StatusBadge> {file.name}
          <ErrorNotice error={state.error} />
        </>
      );
  }
}
