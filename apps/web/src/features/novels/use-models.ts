import { routes, type ShorteningModel } from '@scriptorium/contract';
import { useQuery } from '@tanstack/react-query';
import { query } from '../../api/index.ts';
import { MODELS } from './models.ts';

export interface OfferedModels {
  /** In the order of the screen; undefined until the server has said. */
  readonly models: readonly ShorteningModel[] | undefined;
  /** The rules are all there is. */
  readonly isOfflineAlone: boolean;
  readonly error: Error | null;
}

/** What this server can rewrite with: nothing else is offered. */
export function useModels(): OfferedModels {
  const { data, error } = useQuery(query(routes.novels.models, {}));
  const models = data && MODELS.filter((name) => data.models.includes(name));
  return { models, isOfflineAlone: models?.every((name) => name === 'offline') ?? false, error };
}
