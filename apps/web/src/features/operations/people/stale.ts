import { routes } from '@scriptorium/contract';

/** What is asked again after somebody was changed. */
export const STALE = [routes.people.list, routes.people.get] as const;
