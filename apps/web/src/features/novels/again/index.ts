export { RedoDialog } from './redo-dialog.tsx';
export { RetryDialog } from './retry-dialog.tsx';
