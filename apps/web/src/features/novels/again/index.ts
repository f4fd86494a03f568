export { RedoDialog } from './redo-dialog.tsx';
export { RetryAllDialog } from './retry-all-dialog.tsx';
export { RetryDialog } from './retry-dialog.tsx';
