import { Anchor } from '@mantine/core';
import { routes, type Book } from '@scriptorium/contract';
import { Link } from '@tanstack/react-router';
import { api, markStale } from '../../../api/index.ts';
import { sendForm } from '../../../api/send-form.ts';
import { queryClient } from '../../../app/query-client.ts';
import { useMessages } from '../../../i18n/index.ts';
import { UploadLines, UploadQueue } from '../../../uploads/index.ts';
import { libraryMessages } from '../messages/index.ts';
import { hashFile } from './file-hash.ts';

type Arrived = Pick<Book, 'id' | 'title'>;

/** The books that are on their way, and how to add, cancel and repeat. */
export const bookQueue = new UploadQueue<Arrived>({
  /** Asks whether the file is there before it is sent. */
  handIn: async (file, { signal, onProgress }) => {
    const sha256 = await hashFile(file);
    if (sha256 !== undefined) {
      const { books } = await api.call(routes.books.list, { query: { sha256, limit: 1 }, signal });
      const [book] = books;
      if (book !== undefined) return { kind: 'known', item: book };
    }
    const { status, body } = await sendForm(routes.books.upload, { file }, { signal, onProgress });
    return { kind: status === 201 ? 'stored' : 'known', item: body.book };
  },
  onStored: () => void markStale(queryClient, [routes.books.list]),
});

/** One line each. */
export function BookUploads() {
  const t = useMessages(libraryMessages);
  return (
    <UploadLines
      queue={bookQueue}
      words={{
        reading: t('uploadReading'),
        stored: t('stored'),
        known: t('known'),
        failed: t('uploadFailed'),
      }}
      linkTo={({ id, title }) => (
        <Anchor
          renderRoot={(props) => (
            <Link to="/books/$bookId" params={{ bookId: String(id) }} {...props} />
          )}
        >
          {title}
        </Anchor>
      )}
    />
  );
}
