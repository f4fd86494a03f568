import type { Role } from '@scriptorium/contract';

const everybody = () => true;
const operators = (role: Role | undefined) => role === 'owner' || role === 'admin';

/** The screens that the header and the command palette lead to. */
export const SCREENS = [
  { to: '/', name: 'library', isFor: everybody },
  { to: '/novels', name: 'novels', isFor: everybody },
  { to: '/jobs', name: 'jobs', isFor: everybody },
  { to: '/operations', name: 'operations', isFor: operators },
] as const;
