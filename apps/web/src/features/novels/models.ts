/** Who may rewrite: three names that the operator gives models to, and rules. */
export const MODELS = ['balanced', 'quality', 'speed', 'offline'] as const;
