import * as operations from '../operations.ts';
import { defineRoutes } from './route.ts';

export const operationRoutes = defineRoutes({
  health: {
    method: 'GET',
    path: '/healthz',
    summary: 'The process answers',
    tag: 'operations',
    access: 'public',
    responses: { 200: operations.healthSchema },
  },
  ready: {
    method: 'GET',
    path: '/readyz',
    summary: 'The process can do its work',
    tag: 'operations',
    access: 'public',
    responses: { 200: operations.readinessSchema },
  },
  metrics: {
    method: 'GET',
    path: '/metrics',
    summary: 'What operators watch, in the text format of Prometheus',
    tag: 'operations',
    access: 'owner',
    responses: { 200: operations.metricsSchema },
  },
});
