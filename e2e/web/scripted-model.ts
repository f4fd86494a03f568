import { routes } from '@scriptorium/contract';
import { reply, startModelServer, type ModelReply, type ModelServer } from '@scriptorium/testkit';
import { fileOf, scene, tinyEpub } from '../../apps/server/src/features/books/tiny-epub.ts';
import type { TestApp } from './app.ts';

/** A model that finds nothing in any chapter, at once, unless a test says otherwise about some. */
export interface ScriptedModel extends AsyncDisposable {
  readonly server: ModelServer;
  /** For an installation that asks this model. */
  readonly environment: Readonly<Record<string, string>>;
  /** What it says to chapters with these words in them, from now on. */
  says(words: string, answer: () => ModelReply | Promise<ModelReply>): void;
  /** Lets chapters with these words wait; the function that is returned answers them all, and those to come. */
  holds(words: string): () => void;
}

export async function startScriptedModel(): Promise<ScriptedModel> {
  const answers = new Map<string, () => ModelReply | Promise<ModelReply>>();
  const nothing = () => reply.answer({ items: [] });
  const server = await startModelServer(({ prompt }) => {
    const [, answer = nothing] = [...answers].find(([words]) => prompt.includes(words)) ?? [];
    return answer();
  });
  return {
    server,
    environment: { MODEL: 'openai-compatible/tiny', OPENAI_COMPATIBLE_BASE_URL: server.url },
    says: (words, answer) => void answers.set(words, answer),
    holds: (words) => {
      const gate = Promise.withResolvers<ModelReply>();
      answers.set(words, () => gate.promise);
      return () => {
        answers.set(words, nothing);
        gate.resolve(nothing());
      };
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** Adds a book whose chapters are called `<title>, part 1` and so on; they are prepared at once. */
export async function addBook(
  app: TestApp,
  title: string,
  chapters = 5,
): Promise<{ readonly bookId: number; readonly jobId: number }> {
  const names = Array.from({ length: chapters }, (_, i) => `${title}, part ${i + 1}`);
  const pages = Object.fromEntries(names.map((name) => [name, scene(name)]));
  const file = fileOf(await tinyEpub({ title, pages }), `${title}.epub`);
  const { book, job } = await app.client.call(routes.books.upload, { form: { file } });
  return { bookId: book.id, jobId: job?.id ?? 0 };
}
