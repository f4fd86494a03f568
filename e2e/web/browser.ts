import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { routes } from '@scriptorium/contract';
import axe, { type AxeResults } from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { expect, inject } from 'vitest';
import { OWNER, type TestApp } from './app.ts';

export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1280, height: 800 };

const SCREENSHOTS = path.join(import.meta.dirname, 'screenshots');

type Paper = 'light' | 'sepia' | 'dark';

/** The run's browser: `await using browser = await openBrowser()`. */
export async function openBrowser(): Promise<Browser> {
  return chromium.connect(inject('browserUrl'));
}

/** A window of somebody who has never been here. What the page complains of is collected. */
export async function openWindow(
  browser: Browser,
  app: TestApp,
  options: {
    readonly viewport?: { readonly width: number; readonly height: number };
    readonly language?: 'en' | 'fr' | 'ru' | 'uk';
    readonly touch?: boolean;
  } = {},
): Promise<Window> {
  const context = await browser.newContext({
    baseURL: app.url,
    viewport: options.viewport ?? DESKTOP,
    locale: options.language ?? 'en',
    hasTouch: options.touch ?? false,
    reducedMotion: 'reduce',
    acceptDownloads: true,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`${error.name}: ${error.message}`));
  page.on('console', (message) => {
    // The browser itself writes this where nobody is signed in, which is how the page finds that out.
    const isAsked = message.text().includes('status of 401');
    if (message.type() === 'error' && !isAsked) complaints.push(message.text());
  });
  return { context, page, complaints };
}

export interface Window {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors that were thrown or written to the console, the refusals of the page's policy among them. */
  readonly complaints: readonly string[];
}

/** Signs the owner in without the form, and opens a screen. */
export async function signIn(page: Page, screen = '/'): Promise<void> {
  const answer = await page.context().request.post(routes.auth.login.path, {
    data: { ...OWNER, cookie: true },
  });
  expect(answer.status()).toBe(200);
  await page.goto(screen);
}

/** Sets the paper for this window, as the person's choice would. */
export async function choosePaper(page: Page, paper: Paper): Promise<void> {
  await page.evaluate((theme) => localStorage.setItem('scriptorium.theme', theme), paper);
  await page.reload();
}

/** axe finds nothing on this screen, on light and on dark paper. The screen is left on light paper. */
export async function expectAccessible(page: Page, ready: () => Promise<unknown>): Promise<void> {
  for (const paper of ['dark', 'light'] as const) {
    await choosePaper(page, paper);
    await ready();
    expect(await axeFindings(page), `axe, ${paper}`).toEqual([]);
  }
}

/** What axe finds on the screen as it is: WCAG 2.2 AA and its best practices. */
export async function axeFindings(page: Page): Promise<string[]> {
  // Through the debugger: the page's policy lets no script in by its text.
  await page.evaluate(axe.source);
  const results = await page.evaluate<AxeResults>(
    'axe.run(document, { resultTypes: ["violations"] })',
  );
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 200)}`),
  );
}

/** Pictures to look at, in e2e/web/screenshots: phone and desktop, light and dark. The window is left at desktop and light. */
export async function takeScreenshots(
  page: Page,
  name: string,
  ready: () => Promise<unknown>,
  options: { readonly fullPage?: boolean } = {},
): Promise<void> {
  for (const paper of ['dark', 'light'] as const) {
    for (const [device, size] of [
      ['phone', PHONE],
      ['desktop', DESKTOP],
    ] as const) {
      await page.setViewportSize(size);
      await choosePaper(page, paper);
      await ready();
      await takeScreenshot(page, `${name}-${device}-${paper}`, options);
    }
  }
}

/** One picture of the screen as it is, in e2e/web/screenshots. */
export async function takeScreenshot(
  page: Page,
  name: string,
  options: { readonly fullPage?: boolean } = {},
): Promise<void> {
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.evaluate('document.fonts.ready');
  await page.screenshot({
    path: path.join(SCREENSHOTS, `${name}.png`),
    // A list of thousands of rows is looked at by the window.
    fullPage: options.fullPage ?? true,
    animations: 'disabled',
  });
}
