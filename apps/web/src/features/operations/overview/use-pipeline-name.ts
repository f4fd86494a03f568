import { useCallback } from 'react';
import { useMessages } from '../../../i18n/index.ts';
import { operationsMessages } from '../messages/index.ts';

const KNOWN = ['books', 'novels'] as const;

/** What a pipeline is called; one that this page does not know goes by its own name. */
export function usePipelineName(): (pipeline: string) => string {
  const t = useMessages(operationsMessages);
  return useCallback(
    (pipeline) => {
      const known = KNOWN.find((name) => name === pipeline);
      return known === undefined ? pipeline : t(`pipeline_${known}`);
    },
    [t],
  );
}
