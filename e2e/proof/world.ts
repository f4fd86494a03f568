import { routes, type Book, type Client, type Role } from '@scriptorium/contract';
import { createClient } from '@scriptorium/contract';
import { fileOf, scene, tinyEpub } from '../../apps/server/src/features/books/tiny-epub.ts';
import { endOf } from '../../apps/server/src/testing.ts';
import { hashPassword } from '../../apps/server/src/features/accounts/index.ts';
import { sampleFile } from './scenes.ts';
import type { Service } from './service.ts';

export const PASSWORD = 'right password';

export interface Person {
  readonly id: number;
  readonly email: string;
  readonly role: Role;
}

/** Real things of real people, made as people make them, over HTTP. Without a maker's `of`, they are Ada's. */
export interface World {
  readonly service: Service;
  readonly ada: Person;
  /** Ada's client. */
  readonly client: Client;
  /** A job on a novel that has ended well, and its novel. */
  readonly done: { readonly jobId: number; readonly novelId: number };
  /** The sample book, with a cover and pictures. */
  readonly sample: { readonly book: Book; readonly image: string };
  /** Different at each call. */
  readonly unique: () => string;
  readonly person: (role?: Role) => Promise<Person>;
  readonly signIn: (
    email: string,
  ) => Promise<{ access: string; refresh: string; sessionId: number }>;
  readonly clientOf: (email: string) => Promise<Client>;
  /** An EPUB that nobody has. */
  readonly bookFile: () => Promise<File>;
  readonly book: () => Promise<Book>;
  /** A job that waits, since no worker runs. */
  readonly openJob: () => Promise<number>;
  readonly novel: () => Promise<number>;
  /** Ends Ada's open jobs, of which she may have a hundred. */
  readonly relieve: () => Promise<void>;
}

export async function createWorld(service: Service): Promise<World> {
  let count = 0;
  const unique = () => `${(count += 1)}`;
  const hash = await hashPassword(PASSWORD);
  const person = async (role: Role = 'member'): Promise<Person> => {
    const email = `${role}-${unique()}@example.org`;
    const { rows } = await service.pool.query<{ id: number }>(
      'INSERT INTO users (email, password_hash, role) VALUES ($1, $2, $3) RETURNING id',
      [email, hash, role],
    );
    return { id: rows[0]?.id ?? 0, email, role };
  };
  const clientWith = (token: string) => createClient({ baseUrl: service.url, token });
  const signIn = async (email: string) => {
    const { ownerCredentials: owner } = service;
    const session = await service.signIn(
      email === owner.email ? owner : { email, password: PASSWORD },
    );
    const { access_token: access = '', refresh_token: refresh = '' } = session;
    const { sessions } = await clientWith(access).call(routes.self.sessions, {});
    return { access, refresh, sessionId: sessions.find((one) => one.is_current)?.id ?? 0 };
  };
  const clientOf = async (email: string) => clientWith((await signIn(email)).access);
  const ada = await person();
  const client = await clientOf(ada.email);
  const bookFile = async () => {
    const title = `Book ${unique()}`;
    const pages = { One: scene(`one of ${title}`), Two: scene(`two of ${title}`) };
    return fileOf(await tinyEpub({ title, pages }), `${title}.epub`);
  };
  const book = async () => {
    const form = { file: await bookFile() };
    return (await client.call(routes.books.upload, { form })).book;
  };
  const { done, sample } = await finishedThings(service, client);
  return {
    service,
    ada,
    client,
    done,
    sample,
    unique,
    person,
    signIn,
    clientOf,
    bookFile,
    book,
    openJob: async () => (await book()).job_id ?? 0,
    relieve: async () => {
      const query = { is_open: true, limit: 100 };
      for (const { id } of (await client.call(routes.jobs.list, { query })).jobs) {
        await client.call(routes.jobs.cancel, { params: { id } });
      }
    },
    novel: async () => {
      // Bytes behind the end of a PDF change nothing but what it is recognised by.
      const file = await novelFile(`\n% ${unique()}\n`);
      return (await client.call(routes.novels.upload, { form: { file } })).novel.id;
    },
  };
}

export async function novelFile(suffix: string): Promise<File> {
  const bytes = await (await sampleFile('l-horloge-de-brumeville.fr.pdf')).arrayBuffer();
  return new File([bytes, suffix], 'novel.pdf');
}

/** Made while a worker runs. */
async function finishedThings(service: Service, client: Client) {
  const stop = await service.work();
  const { book } = await client.call(routes.books.upload, {
    form: { file: await sampleFile('the-fire-copy.en.epub') },
  });
  const started = await client.call(routes.novels.processAsync, {
    form: { pdf_file: await novelFile('') },
  });
  if (!('task_id' in started)) throw new Error('The novel was not accepted as a job.');
  await endOf(client, started.job_id);
  await endOf(client, book.job_id ?? 0);
  await stop();
  const { rows } = await service.pool.query<{ image: string }>(
    'SELECT image FROM book_images WHERE book_id = $1 ORDER BY image LIMIT 1',
    [book.id],
  );
  const image = rows[0]?.image ?? '';
  return { done: { jobId: started.job_id, novelId: started.novel_id }, sample: { book, image } };
}
