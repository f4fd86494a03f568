import { routes } from '@scriptorium/contract';
import { route, type Feature } from '../../platform/routes.ts';
import { openMetrics, type Observed } from './metrics.ts';

/**
 * `GET /metrics`. For the owner alone, because it tells how busy everybody is: Prometheus shows an API key of the owner's
 * that may only read. (Rejected: a scope or a token for this alone, which would be one more secret to make, keep and revoke.)
 */
export function createOperationsFeature({ kernel }: { readonly kernel: Observed }): Feature {
  const metrics = openMetrics(kernel);
  return {
    name: 'operations',
    register(app) {
      route(app, routes.operations.metrics, async ({ reply }) => {
        reply.type(metrics.contentType);
        return await metrics.render();
      });
    },
  };
}
