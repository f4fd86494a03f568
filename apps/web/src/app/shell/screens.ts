import type { Role } from '@scriptorium/contract';

const everybody = () => true;
const operators = (role: Role | undefined) => role === 'owner' || role === 'admin';

/** The screens that the header and the command palette lead to. */
export const SCREENS = [
  { to: '/', name: 'library', key: 'l', isFor: everybody },
  { to: '/novels', name: 'novels', key: 'n', isFor: everybody },
  { to: '/jobs', name: 'jobs', key: 'j', isFor: everybody },
  { to: '/operations', name: 'operations', key: 'o', isFor: operators },
] as const;
