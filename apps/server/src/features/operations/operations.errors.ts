import { defineErrors } from '@scriptorium/contract';
import { errorFactory } from '../../platform/errors.ts';

export const operationErrors = defineErrors({
  'work.not_quarantined': { status: 404, title: 'There is no such work in quarantine' },
});

export const operationError = errorFactory(operationErrors);
