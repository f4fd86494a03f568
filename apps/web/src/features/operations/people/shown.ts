/** Whom the list of people shows. */
export const SHOWN = ['all', 'enabled', 'disabled'] as const;
