import { z } from 'zod';
import { jobSchema } from '../jobs.ts';
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
  overview: {
    method: 'GET',
    path: '/api/v1/operations',
    summary: 'Workers, queues and what was done in the last day',
    tag: 'operations',
    access: 'admin',
    responses: { 200: operations.overviewSchema },
  },
  quarantine: {
    method: 'GET',
    path: '/api/v1/operations/quarantine',
    summary: 'Works that took their process down again and again',
    tag: 'operations',
    access: 'admin',
    responses: { 200: operations.quarantineSchema },
  },
  replay: {
    method: 'POST',
    path: '/api/v1/operations/quarantine/:id/replay',
    summary: 'Run a work in quarantine once more, by a new job of each owner that lacks it',
    tag: 'operations',
    access: 'admin',
    params: operations.replayParams,
    responses: { 202: z.object({ jobs: z.array(jobSchema) }) },
  },
});
