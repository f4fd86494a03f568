import { apiKeys, auth } from './routes/accounts.ts';
import { bookRoutes } from './routes/books.ts';
import { creditRoutes } from './routes/credits.ts';
import { jobRoutes } from './routes/jobs.ts';
import { novelRoutes } from './routes/novels.ts';
import { operationRoutes } from './routes/operations.ts';
import { peopleRoutes, selfRoutes } from './routes/people.ts';

export type { Access, Route } from './routes/route.ts';

/** Everything the server serves. */
export const routes = {
  auth,
  apiKeys,
  people: peopleRoutes,
  self: selfRoutes,
  books: bookRoutes,
  novels: novelRoutes,
  credits: creditRoutes,
  jobs: jobRoutes,
  operations: operationRoutes,
} as const;
