import { defineErrors } from '@scriptorium/contract';

/** Thrown by the kernel; the platform shows an error of a package once its code is declared. */
export const creditErrors = defineErrors({
  'credit.insufficient': { status: 402, title: 'Not enough credits' },
  'confirmation.unknown': { status: 404, title: 'There is no such confirmation' },
  'confirmation.used': { status: 409, title: 'The confirmation has been used' },
  'confirmation.expired': { status: 409, title: 'The confirmation has expired' },
  'confirmation.too_small': { status: 402, title: 'The document is larger than its estimate' },
});
