import { routes } from '@scriptorium/contract';
import { novelFile, PASSWORD, type World } from './world.ts';

/** A request that the route can serve. */
export interface Example {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly form?: Readonly<Record<string, string | Blob>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Makes a request with real numbers of real things, fresh where serving it uses them up. */
export type MakeExample = (world: World) => Example | Promise<Example>;

export interface Sample {
  readonly make: MakeExample;
  /** Codes with which whoever is let in may be answered here, where a success cannot be had. */
  readonly refusals?: readonly string[];
  /** Serving it signs the caller out, or deletes them. */
  readonly usesUpCaller?: true;
}

/** One for every route: the compiler misses those that are not here. */
type Samples = {
  readonly [Group in keyof typeof routes]: {
    readonly [Name in keyof (typeof routes)[Group]]: Sample;
  };
};

const nothing: Sample = { make: () => ({}) };
const asked = (make: MakeExample): Sample => ({ make });
const tokenIn = (url: string) => url.split(/[#=/]/u).at(-1) ?? '';

const ofPerson = asked(async ({ person }) => ({ params: { id: (await person()).id } }));
const ofBook = asked(async ({ book }) => ({ params: { id: (await book()).id } }));
const ofChapter = asked(async ({ book }) => ({ params: { id: (await book()).id, n: 1 } }));
const ofOpenJob = asked(async ({ openJob }) => ({ params: { id: await openJob() } }));
const ofDoneJob = asked(({ done }) => ({ params: { id: done.jobId } }));
const ofSession = asked(async ({ signIn, ada }) => {
  return { params: { id: (await signIn(ada.email)).sessionId } };
});
const withRefreshToken = asked(async ({ signIn, ada }) => {
  return { body: { refresh_token: (await signIn(ada.email)).refresh } };
});

const auth: Samples['auth'] = {
  login: asked(({ ada }) => ({ body: { email: ada.email, password: PASSWORD } })),
  claim: {
    make: ({ unique }) => ({
      body: { token: 'x'.repeat(20), email: `${unique()}@example.org`, password: PASSWORD },
    }),
    refusals: ['auth.claim_invalid'],
  },
  refresh: withRefreshToken,
  logout: withRefreshToken,
  me: nothing,
};

const apiKeys: Samples['apiKeys'] = {
  list: nothing,
  create: asked(() => ({ body: { name: 'a script' } })),
  revoke: asked(async ({ client }) => {
    const { api_key: key } = await client.call(routes.apiKeys.create, { body: { name: 'k' } });
    return { params: { id: key.id } };
  }),
};

const people: Samples['people'] = {
  list: nothing,
  get: ofPerson,
  change: asked(async (world) => ({ ...(await ofPerson.make(world)), body: { role: 'premium' } })),
  grant: asked(async (world) => ({ ...(await ofPerson.make(world)), body: { credits: 2 } })),
  passwordLink: ofPerson,
  remove: ofPerson,
  invite: asked(() => ({ body: { role: 'member' } })),
  invitations: nothing,
  revokeInvitation: asked(async ({ service }) => {
    const { invitation } = await service.owner.call(routes.people.invite, { body: {} });
    return { params: { id: invitation.id } };
  }),
};

const self: Samples['self'] = {
  register: asked(async ({ service, unique }) => {
    const { url } = await service.owner.call(routes.people.invite, { body: {} });
    const email = `new-${unique()}@example.org`;
    return { body: { invitation: tokenIn(url), email, password: PASSWORD } };
  }),
  resetPassword: asked(async ({ service, person }) => {
    const params = { id: (await person()).id };
    const { url } = await service.owner.call(routes.people.passwordLink, { params });
    return { body: { token: tokenIn(url), password: PASSWORD } };
  }),
  changePassword: {
    make: () => ({ body: { current_password: PASSWORD, password: PASSWORD } }),
    usesUpCaller: true,
  },
  settings: nothing,
  changeSettings: asked(() => ({ body: { history_days: 30 } })),
  sessions: nothing,
  endSession: ofSession,
  endSessions: { make: () => ({}), usesUpCaller: true },
  remove: {
    make: () => ({ body: { password: PASSWORD } }),
    refusals: ['user.is_owner'],
    usesUpCaller: true,
  },
};

const books: Samples['books'] = {
  upload: asked(async ({ bookFile }) => ({ form: { file: await bookFile() } })),
  list: nothing,
  get: ofBook,
  chapter: ofChapter,
  descriptions: ofChapter,
  extractDescriptions: ofChapter,
  reprocess: asked(async (world) => ({ ...(await ofChapter.make(world)), body: {} })),
  undoReprocess: asked(async (world) => {
    const params = { id: (await world.book()).id, n: 1 };
    await world.client.call(routes.books.reprocess, { params, body: { is_service_page: true } });
    return { params };
  }),
  prepare: ofBook,
  search: asked(async (world) => ({ ...(await ofBook.make(world)), query: { q: 'garden' } })),
  positions: ofBook,
  recordPositions: asked(async (world) => ({
    ...(await ofBook.make(world)),
    body: {
      device: { id: 'f81d4fae-7dec-41d0-a765-00a0c91e6bf6', label: 'Firefox · Android' },
      positions: [{ chapter: 1, offset: 0, at: '2026-01-01T12:00:00.000Z' }],
    },
  })),
  cover: asked(({ sample }) => ({ params: { id: sample.book.id } })),
  image: asked(({ sample }) => ({ params: { id: sample.book.id, imageId: sample.image } })),
  remove: ofBook,
};

const ofNovel = asked(({ done }) => ({ params: { id: done.novelId } }));
const processed = asked(({ done }) => ({
  form: { novel_id: String(done.novelId) },
  headers: { prefer: 'wait=1' },
}));

const novels: Samples['novels'] = {
  upload: asked(async ({ unique }) => ({ form: { file: await novelFile(`\n% ${unique()}\n`) } })),
  list: nothing,
  models: nothing,
  get: ofNovel,
  remove: asked(async ({ novel }) => ({ params: { id: await novel() } })),
  estimate: ofNovel,
  confirm: asked(({ done }) => ({ body: { novel_id: done.novelId } })),
  processAsync: processed,
  process: processed,
  result: ofDoneJob,
  sentences: ofDoneJob,
  edit: asked(({ done }) => ({
    params: { id: done.jobId, sentenceId: 1 },
    body: { sentences: ['It was night.'] },
  })),
  estimateRedo: asked(({ done }) => ({ params: { id: done.jobId }, body: { sentence_ids: [1] } })),
  estimateRetry: ofDoneJob,
  redo: asked(({ done }) => ({ params: { id: done.jobId }, body: { sentence_ids: [1] } })),
};

const credits: Samples['credits'] = {
  balance: nothing,
  entries: nothing,
  reserve: {
    make: () => ({ body: { estimated_tokens: 1000 } }),
    refusals: ['credit.insufficient', 'novel.no_model'],
  },
  receipt: ofDoneJob,
};

const jobs: Samples['jobs'] = {
  list: nothing,
  get: ofOpenJob,
  events: ofDoneJob,
  timeline: ofDoneJob,
  cancel: ofOpenJob,
  retry: asked(async ({ client, openJob }) => {
    const params = { id: await openJob() };
    await client.call(routes.jobs.cancel, { params });
    return { params };
  }),
  ticket: asked(({ done }) => ({ body: { job_id: done.jobId } })),
};

const operations: Samples['operations'] = {
  health: nothing,
  ready: nothing,
  metrics: nothing,
  overview: nothing,
  quarantine: nothing,
  replay: { make: () => ({ params: { id: 1 } }), refusals: ['work.not_quarantined'] },
};

const samples: Samples = { auth, apiKeys, people, self, books, novels, credits, jobs, operations };

/** By names such as `books.upload`. */
export const SAMPLES: ReadonlyMap<string, Sample> = new Map(
  Object.entries(samples).flatMap(([group, table]) =>
    Object.entries<Sample>(table).map(([name, sample]) => [`${group}.${name}`, sample] as const),
  ),
);
