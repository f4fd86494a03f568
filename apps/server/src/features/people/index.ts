export { createPeopleFeature } from './people.routes.ts';
export { quotaLimit } from './settings.repo.ts';
export { sweepPeople } from './sweep.ts';
