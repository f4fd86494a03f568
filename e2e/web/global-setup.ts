import chromium from '@sparticuz/chromium';
import { chromium as playwright } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { ensureWebApp } from '../../apps/web/build.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the run's browser listens, for {@link openBrowser}. */
    browserUrl: string;
  }
}

/** One browser and one build of the web app for all journeys of a run. The first run unpacks the browser, which takes seconds. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [executablePath] = await Promise.all([chromium.executablePath(), ensureWebApp()]);
  const server = await playwright.launchServer({
    executablePath,
    // The arguments of a function in the cloud switch off what tests of layout and sockets need; these are those of a container.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--font-render-hinting=none',
    ],
    headless: true,
  });
  project.provide('browserUrl', server.wsEndpoint());
  return () => server.close();
}
