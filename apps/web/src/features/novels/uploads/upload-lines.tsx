import { ActionIcon, Anchor, Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { ErrorNotice, ProgressLine, StatusBadge } from '../../../components/index.ts';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { novelsMessages } from '../messages/index.ts';
import type { NovelUploads, Upload, UploadState } from './novel-uploads.ts';
import { PasswordForm } from './password-form.tsx';
import classes from './upload-lines.module.css';

interface LineProps {
  readonly upload: Upload;
  readonly queue: NovelUploads;
}

/** The PDFs on their way and those that have just arrived, one line each. */
export function UploadLines({
  uploads,
  queue,
}: {
  readonly uploads: readonly Upload[];
  readonly queue: NovelUploads;
}) {
  const t = useMessages(novelsMessages);
  return (
    <>
      <Announcement uploads={uploads} />
      {uploads.length > 0 && (
        <ul className={classes['list']} aria-label={t('uploads')}>
          {uploads.map((upload) => (
            <li key={upload.id} className={classes['item']}>
              <div className={classes['what']}>
                <UploadWords upload={upload} queue={queue} />
              </div>
              <UploadActions upload={upload} queue={queue} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** The stage of the newest file for those who do not see it: each stage once, not each per cent. */
function Announcement({ uploads }: { readonly uploads: readonly Upload[] }) {
  const t = useMessages(novelsMessages);
  const newest = uploads.at(-1);
  const stages = {
    waiting: t('uploadWaiting'),
    sending: t('uploads'),
    stored: t('stored'),
    known: t('known'),
    locked: t('uploadLocked'),
    failed: t('uploadFailed'),
    cancelled: t('uploadCancelled'),
  } satisfies Record<UploadState['kind'], string>;
  return (
    <p className="visually-hidden" role="status">
      {newest === undefined ? '' : `${newest.file.name}: ${stages[newest.state.kind]}`}
    </p>
  );
}

function UploadActions({ upload: { id, file, state }, queue }: LineProps) {
  const t = useMessages(novelsMessages);
  const isOnItsWay = state.kind === 'waiting' || state.kind === 'sending';
  return (
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

function UploadWords({ upload: { id, file, state }, queue }: LineProps) {
  const t = useMessages(novelsMessages);
  const formats = useFormats();
  switch (state.kind) {
    case 'waiting':
      return (
        <ProgressLine percent={0} label={file.name} tone="waiting">
          {`${file.name}: ${t('uploadWaiting')}`}
        </ProgressLine>
      );
    case 'sending': {
      const words =
        state.sent >= file.size
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
              <Link to="/novels/$novelId" params={{ novelId: String(state.novel.id) }} {...props} />
            )}
          >
            {state.novel.title}
          </Anchor>
        </>
      );
    case 'locked':
      return (
        <>
          <StatusBadge tone="waiting">{t('uploadLocked')}</StatusBadge> {file.name}
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
