import * as accounts from '../accounts.ts';
import { defineRoutes, NO_CONTENT } from './route.ts';

export const auth = defineRoutes({
  login: {
    method: 'POST',
    path: '/api/v1/auth/login',
    summary: 'Sign in with e-mail and password',
    tag: 'accounts',
    access: 'public',
    body: accounts.loginBody,
    responses: { 200: accounts.sessionSchema },
  },
  claim: {
    method: 'POST',
    path: '/api/v1/auth/claim',
    summary: 'Become the owner of a new installation with its one-time token',
    tag: 'accounts',
    access: 'public',
    body: accounts.claimBody,
    responses: { 201: accounts.sessionSchema },
  },
  refresh: {
    method: 'POST',
    path: '/api/v1/auth/refresh',
    summary: 'Exchange a refresh token for a new pair of tokens',
    tag: 'accounts',
    access: 'public',
    body: accounts.refreshBody,
    responses: { 200: accounts.sessionSchema },
  },
  logout: {
    method: 'POST',
    path: '/api/v1/auth/logout',
    summary: 'End the session that a refresh token belongs to',
    tag: 'accounts',
    access: 'public',
    body: accounts.refreshBody,
    responses: { 204: NO_CONTENT },
  },
  me: {
    method: 'GET',
    path: '/api/v1/me',
    summary: 'Who the caller is',
    tag: 'accounts',
    access: 'user',
    responses: { 200: accounts.meSchema },
  },
});

export const apiKeys = defineRoutes({
  list: {
    method: 'GET',
    path: '/api/v1/api-keys',
    summary: "The caller's API keys, newest first",
    tag: 'accounts',
    access: 'user',
    scope: 'account',
    responses: { 200: accounts.apiKeyListSchema },
  },
  create: {
    method: 'POST',
    path: '/api/v1/api-keys',
    summary: 'Make an API key; the answer shows it once',
    tag: 'accounts',
    access: 'user',
    scope: 'account',
    body: accounts.apiKeyBody,
    responses: { 201: accounts.apiKeyCreatedSchema },
  },
  revoke: {
    method: 'DELETE',
    path: '/api/v1/api-keys/:id',
    summary: 'Make an API key useless from now on',
    tag: 'accounts',
    access: 'user',
    scope: 'account',
    params: accounts.apiKeyParams,
    responses: { 204: NO_CONTENT },
  },
});
