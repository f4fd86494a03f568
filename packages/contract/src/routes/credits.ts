import * as credits from '../credits.ts';
import { jobParams } from '../jobs.ts';
import { defineRoutes } from './route.ts';

export const creditRoutes = defineRoutes({
  balance: {
    method: 'GET',
    path: '/api/v1/credits',
    summary: "The caller's credits",
    tag: 'credits',
    access: 'user',
    responses: { 200: credits.creditsSchema },
  },
  entries: {
    method: 'GET',
    path: '/api/v1/credits/entries',
    summary: "Every movement of the caller's credits, newest first",
    tag: 'credits',
    access: 'user',
    query: credits.creditEntriesQuery,
    responses: { 200: credits.creditEntriesSchema },
  },
  reserve: {
    method: 'POST',
    path: '/api/v1/credits/reserve',
    summary: 'Hold credits for a job that is about to start, for 30 minutes',
    tag: 'credits',
    access: 'user',
    body: credits.reserveBody,
    responses: { 201: credits.reservedSchema },
  },
  receipt: {
    method: 'GET',
    path: '/api/v1/jobs/:id/receipt',
    summary: 'What a job used and what it cost',
    tag: 'credits',
    access: 'user',
    params: jobParams,
    responses: { 200: credits.receiptSchema },
  },
});
