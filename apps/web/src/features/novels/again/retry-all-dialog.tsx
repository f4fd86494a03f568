import { routes, type Estimate } from '@scriptorium/contract';
import { useQueries, type UseQueryResult } from '@tanstack/react-query';
import { query } from '../../../api/index.ts';
import { AgainDialog } from './again-dialog.tsx';
import { sumOf } from './sum-estimates.ts';

export interface RetryAllDialogProps {
  readonly jobIds: readonly number[];
  readonly title: string;
  /** Why they could not be started. */
  readonly error: Error | null;
  readonly isStarting: boolean;
  readonly onStart: () => void;
  readonly onClose: () => void;
}

/** Shows what taking up jobs on novels again will take, all together. */
export function RetryAllDialog({ jobIds, error, ...dialog }: RetryAllDialogProps) {
  const estimated = useQueries({
    queries: jobIds.map((id) => ({
      // What was stored meanwhile costs nothing more, so no older answer will do.
      ...query(routes.novels.estimateRetry, { params: { id } }),
      gcTime: 0,
    })),
    combine: together,
  });
  return <AgainDialog {...dialog} estimate={estimated.estimate} error={error ?? estimated.error} />;
}

function together(answers: readonly UseQueryResult<Estimate>[]) {
  const known = answers.flatMap(({ data }) => (data === undefined ? [] : [data]));
  return {
    estimate: known.length === answers.length ? sumOf(known) : undefined,
    error: answers.find(({ error }) => error !== null)?.error ?? null,
  };
}
