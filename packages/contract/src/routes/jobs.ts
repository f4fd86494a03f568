import * as jobs from '../jobs.ts';
import { defineRoutes } from './route.ts';

export const jobRoutes = defineRoutes({
  list: {
    method: 'GET',
    path: '/api/v1/jobs',
    summary: "The caller's jobs, newest first",
    tag: 'jobs',
    access: 'user',
    query: jobs.jobListQuery,
    responses: { 200: jobs.jobListSchema },
  },
  get: {
    method: 'GET',
    path: '/api/v1/jobs/:id',
    summary: 'One job',
    tag: 'jobs',
    access: 'user',
    params: jobs.jobParams,
    responses: { 200: jobs.jobSchema },
  },
  events: {
    method: 'GET',
    path: '/api/v1/jobs/:id/events',
    summary: "A job's log after a sequence number, as a stream or as a list",
    tag: 'jobs',
    access: 'user',
    params: jobs.jobParams,
    query: jobs.jobEventsQuery,
    responses: { 200: jobs.jobEventsSchema },
    streams: true,
    ticket: true,
  },
  cancel: {
    method: 'POST',
    path: '/api/v1/jobs/:id/cancel',
    summary: 'Stop a job; what it holds is given back',
    tag: 'jobs',
    access: 'user',
    params: jobs.jobParams,
    responses: { 200: jobs.jobSchema },
  },
  retry: {
    method: 'POST',
    path: '/api/v1/jobs/:id/retry',
    summary: 'Do again what failed, as a new job',
    tag: 'jobs',
    access: 'user',
    params: jobs.jobParams,
    responses: { 202: jobs.jobSchema },
  },
  ticket: {
    method: 'POST',
    path: '/api/v1/stream-tickets',
    summary:
      'A one-time ticket, good for 60 seconds, to open the event stream of a job without headers',
    tag: 'jobs',
    access: 'user',
    scope: 'read',
    body: jobs.streamTicketBody,
    responses: { 201: jobs.streamTicketSchema },
  },
});
