/**
 * The pictures of the README and of apps/web/DESIGN.md, from those that the journeys through the web app take: `npm run pictures`, which runs these journeys
 * first.
 */
import { copyFile, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

const FROM = path.join(import.meta.dirname, '../e2e/web/screenshots');
const TO = path.join(import.meta.dirname, '../docs/pictures');
const MOST_BYTES = 300_000;

const PICTURES = {
  'library.png': 'all-library-desktop-light.png',
  'novel.png': 'novel-desktop-light.png',
  'job.png': 'all-job-desktop-dark.png',
  'reader.png': 'reader-desktop-light.png',
  'reader-phone.png': 'reader-phone-dark.png',
  'jobs-phone.png': 'all-jobs-phone-light.png',
  'library-phone.png': 'all-library-phone-light.png',
} as const;

await mkdir(TO, { recursive: true });
for (const [name, source] of Object.entries(PICTURES)) {
  const { size } = await stat(path.join(FROM, source));
  if (size > MOST_BYTES)
    throw new Error(`${source} has ${size} bytes; a page carries ${MOST_BYTES}.`);
  await copyFile(path.join(FROM, source), path.join(TO, name));
}
