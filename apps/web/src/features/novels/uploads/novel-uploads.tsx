import { Anchor } from '@mantine/core';
import { routes, type Novel } from '@scriptorium/contract';
import { Link } from '@tanstack/react-router';
import { markStale } from '../../../api/index.ts';
import { sendForm } from '../../../api/send-form.ts';
import { queryClient } from '../../../app/query-client.ts';
import { useMessages } from '../../../i18n/index.ts';
import { UploadLines, UploadQueue } from '../../../uploads/index.ts';
import { novelsMessages } from '../messages/index.ts';

/** The PDFs that are on their way, and how to add, cancel and repeat. */
export const novelQueue = new UploadQueue<Novel>({
  handIn: async (file, { password, ...options }) => {
    const { body } = await sendForm(routes.novels.upload, { file, password }, options);
    return { kind: body.is_duplicate ? 'known' : 'stored', item: body.novel };
  },
  onStored: () => void markStale(queryClient, [routes.novels.list]),
});

/** One line each. */
export function NovelUploads() {
  const t = useMessages(novelsMessages);
  return (
    <UploadLines
      queue={novelQueue}
      words={{
        reading: t('uploadReading'),
        stored: t('stored'),
        known: t('known'),
        failed: t('uploadFailed'),
      }}
      linkTo={({ id, title }) => (
        <Anchor
          renderRoot={(props) => (
            <Link to="/novels/$novelId" params={{ novelId: String(id) }} {...props} />
          )}
        >
          {title}
        </Anchor>
      )}
    />
  );
}
