/** The roles that administrators give; there is one owner, and nobody makes another. */
export const GRANTABLE_ROLES = ['member', 'premium', 'admin'] as const;
