/** The name under which jobs on novels are submitted. */
export const NOVELS_PIPELINE = 'novels';
