import { routes, type CallResult, type ShorteningModel } from '@scriptorium/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, markStale } from '../../../api/index.ts';

export interface Options {
  readonly words: number;
  /** Undefined: what the server takes of itself. */
  readonly model: ShorteningModel | undefined;
}

type Confirmation = CallResult<typeof routes.novels.confirm> & { readonly options: Options };

/**
 * Starts the work: the credits are confirmed and held first, then the job is started with them. When the start fails after that, the
 * hold is kept for the next try with the same options, so that nobody's credits are held twice.
 */
export function useStart(novelId: number) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [confirmation, setConfirmation] = useState<Confirmation>();
  const start = useMutation({
    mutationFn: async (options: Options) => {
      const held = isGoodFor(confirmation, options)
        ? confirmation
        : { ...(await confirm(novelId, options)), options };
      setConfirmation(held);
      return await api.call(routes.novels.processAsync, {
        form: {
          novel_id: novelId,
          job_id: held.job_id,
          sentence_length_limit: options.words,
          // A form has no way to say nothing: what is not chosen is left out.
          ...(options.model === undefined ? {} : { gemini_model: options.model }),
        },
        // An answer that was lost on its way is given again: the job is started once.
        headers: { 'idempotency-key': `novel-${held.job_id}` },
      });
    },
    onSuccess: ({ job_id: jobId }) => {
      void markStale(client, [routes.jobs.list, routes.novels.list, routes.novels.get]);
      void navigate({
        to: '/novels/$novelId/jobs/$jobId',
        params: { novelId: String(novelId), jobId: String(jobId) },
      });
    },
    onSettled: () => markStale(client, [routes.credits.balance]),
  });
  return {
    start,
    /** What is held for these options since a start that failed. */
    heldFor: (options: Options) => (isGoodFor(confirmation, options) ? confirmation : undefined),
  };
}

function confirm(novelId: number, { words, model }: Options) {
  return api.call(routes.novels.confirm, {
    body: { novel_id: novelId, sentence_length_limit: words, gemini_model: model },
  });
}

function isGoodFor(
  confirmation: Confirmation | undefined,
  { words, model }: Options,
): confirmation is Confirmation {
  return (
    confirmation !== undefined &&
    confirmation.options.words === words &&
    confirmation.options.model === model &&
    Date.parse(confirmation.expires_at) > Date.now()
  );
}
