export { EmptyState } from './empty-state.tsx';
export { ErrorNotice } from './error-notice.tsx';
export { LiveBadge } from './live-badge.tsx';
export { Page, PageHead } from './page.tsx';
export { ProgressLine } from './progress-line.tsx';
export { SkeletonLines } from './skeleton-lines.tsx';
export { StatusBadge, type Tone } from './status-badge.tsx';
export { Time } from './time.tsx';
export { postpone, toastWithUndo } from './undo-toast.tsx';
