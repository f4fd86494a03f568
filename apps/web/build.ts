/**
 * Builds the web app where that is needed: `node apps/web/build.ts`. What was built of the same sources is kept, so that a
 * second start builds nothing.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, glob, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const WEB = import.meta.dirname;
const REPOSITORY = path.join(WEB, '../..');
const BUILDS = path.join(WEB, 'dist');
/** Names the build to serve. */
const CURRENT = path.join(BUILDS, 'current');
const SOURCES = [
  'apps/web/{src,public}/**/*.*',
  'apps/web/{index.html,vite.config.ts,build.ts,package.json}',
  'packages/contract/src/**/*.ts',
  'package-lock.json',
];
/** Pages that are open still fetch the screens of the build that they came with. */
const KEPT_BUILDS = 4;
const COMPRESSED = '**/*.{js,css,svg,html}';

export interface WebAppBuild {
  /** The folder with index.html and assets/. */
  readonly folder: string;
  /** False when it was there already. */
  readonly isNew: boolean;
}

/**
 * Makes sure that the web app is built of the sources as they are now. Two processes that build at the same time do the work
 * twice and end with the same folder.
 *
 * @throws when vite fails; its words are in the message
 */
export async function ensureWebApp(): Promise<WebAppBuild> {
  const name = await hashSources();
  const folder = path.join(BUILDS, name);
  const isNew = !(await exists(folder));
  if (isNew) await build(folder);
  await replaceFile(CURRENT, name);
  if (isNew) await removeOldBuilds(name);
  return { folder, isNew };
}

/** The hash of everything that goes into a build. Tests do not. */
async function hashSources(): Promise<string> {
  const files = await Array.fromAsync(glob(SOURCES, { cwd: REPOSITORY }));
  const hash = createHash('sha256').update(process.version);
  for (const file of files.toSorted()) {
    if (file.includes('.test.')) continue;
    hash.update(`\0${file}\0`).update(await readFile(path.join(REPOSITORY, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

async function build(folder: string): Promise<void> {
  const unfinished = `${folder}.${process.pid}`;
  // A process of its own: the bundler's memory is given back, and NODE_ENV of this process means nothing to it.
  const vite = path.join(REPOSITORY, 'node_modules/vite/bin/vite.js');
  const parameters = [vite, 'build', '--outDir', unfinished, '--logLevel', 'warn'];
  try {
    await promisify(execFile)(process.execPath, parameters, {
      cwd: WEB,
      env: { ...process.env, NODE_ENV: 'production' },
    });
    await compressFiles(unfinished);
    await rename(unfinished, folder);
  } catch (error) {
    // Somebody else was faster with the same sources.
    if (!(await exists(folder))) throw error;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** Once at the build what would otherwise be done for every visitor: brotli at its best, gzip for the others. */
async function compressFiles(folder: string): Promise<void> {
  for await (const file of glob(COMPRESSED, { cwd: folder })) {
    const bytes = await readFile(path.join(folder, file));
    const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    await writeFile(
      path.join(folder, `${file}.br`),
      await promisify(brotliCompress)(bytes, { params }),
    );
    await writeFile(path.join(folder, `${file}.gz`), await promisify(gzip)(bytes, { level: 9 }));
  }
}

async function removeOldBuilds(current: string): Promise<void> {
  const names = await Array.fromAsync(glob('*/', { cwd: BUILDS }));
  const builds = await Promise.all(
    names
      .filter((name) => name !== current)
      .map(async (name) => ({ name, at: (await stat(path.join(BUILDS, name))).mtimeMs })),
  );
  const old = builds.toSorted((a, b) => b.at - a.at).slice(KEPT_BUILDS - 1);
  for (const { name } of old) await rm(path.join(BUILDS, name), { recursive: true, force: true });
}

/** Whoever reads it meanwhile reads the old or the new content. */
async function replaceFile(file: string, content: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, content);
  await rename(unfinished, file);
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

if (import.meta.main) {
  const begun = performance.now();
  const { folder, isNew } = await ensureWebApp();
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  process.stdout.write(`${isNew ? 'Built' : 'Already built:'} ${folder} (${seconds} s)\n`);
}
