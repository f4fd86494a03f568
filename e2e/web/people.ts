import { createClient, routes, type Role } from '@scriptorium/contract';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { TestApp } from './app.ts';

export const PASSWORD = 'a password of somebody';

/** The path of an invitation's link, as its owner passes it on. */
export async function invite(
  app: TestApp,
  options: { readonly role?: Exclude<Role, 'owner'>; readonly credits?: number } = {},
): Promise<string> {
  const { url } = await app.client.call(routes.people.invite, { body: options });
  return new URL(url).pathname;
}

/** Somebody with an account and {@link PASSWORD}; gives the user's id. */
export async function addPerson(
  app: TestApp,
  email: string,
  options: { readonly role?: Exclude<Role, 'owner'>; readonly credits?: number } = {},
): Promise<number> {
  const invitation = (await invite(app, options)).split('/').at(-1);
  const { user } = await createClient({ baseUrl: app.url }).call(routes.self.register, {
    body: { email, password: PASSWORD, ...(invitation === undefined ? {} : { invitation }) },
  });
  return user.id;
}

/** Signs somebody in without the form, and opens a screen. */
export async function signInAs(
  page: Page,
  email: string,
  screen: string,
  password = PASSWORD,
): Promise<void> {
  const answer = await page.context().request.post(routes.auth.login.path, {
    data: { email, password, cookie: true },
  });
  expect(answer.status()).toBe(200);
  await page.goto(screen);
}
