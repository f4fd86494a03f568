import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const repository = path.join(import.meta.dirname, '..');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'scriptorium-boundaries-'));
  await cp(path.join(repository, '.oxlintrc.json'), path.join(folder, '.oxlintrc.json'));
});
afterAll(() => rm(folder, { recursive: true }));

/** What the project's linter says of one line of code in one place. */
async function lint(file: string, code: string): Promise<string> {
  const target = path.join(folder, file);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, `${code}\n`);
  const bin = path.join(repository, 'node_modules/oxlint/bin/oxlint');
  const result = await run(process.execPath, [bin, '-c', '.oxlintrc.json', file], {
    cwd: folder,
  }).catch((error: { stdout: string }) => error);
  await rm(target);
  return result.stdout;
}

const use = (module: string) => `import { thing } from '${module}';\nexport const it = thing;`;

test.each([
  ['packages/contract/src/x.ts', '@scriptorium/kernel', 'contract depends on zod alone'],
  ['packages/contract/src/x.ts', 'node:fs', 'contract depends on zod alone'],
  ['packages/kernel/src/x.ts', '@scriptorium/documents', 'import nothing of ours but contract'],
  ['packages/kernel/src/x.ts', 'fastify', 'Only apps/server knows HTTP'],
  ['packages/documents/src/x.ts', '@scriptorium/kernel', 'import nothing of ours but contract'],
  ['packages/llm/src/x.ts', '@scriptorium/documents', 'import nothing of ours but contract'],
  ['packages/postgres/src/x.ts', '@scriptorium/kernel', 'postgres stands alone'],
  ['packages/testkit/src/x.ts', '@scriptorium/kernel', 'knows none of those it tests'],
  ['apps/cli/src/x.ts', '@scriptorium/kernel', 'know the contract alone'],
  ['apps/web/src/x.ts', '@scriptorium/server', 'know the contract alone'],
  ['apps/web/src/components/x.ts', '../features/jobs/index.ts', 'share knows no feature'],
  ['apps/web/src/features/books/x.ts', '../jobs/job-page.tsx', 'through its index.ts only'],
  ['apps/web/src/features/books/x.ts', '@scriptorium/kernel', 'know the contract alone'],
  ['apps/server/src/platform/x.ts', '../features/books/index.ts', 'platform knows no feature'],
  ['apps/server/src/features/books/x.ts', '../jobs/jobs.repo.ts', 'through its index.ts only'],
])('the linter refuses %s to import %s', async (file, module, reason) => {
  expect(await lint(file, use(module))).toContain(reason);
});

test.each([
  ['packages/kernel/src/x.ts', '@scriptorium/contract'],
  ['apps/cli/src/x.ts', '@scriptorium/contract'],
  ['apps/web/src/features/books/x.ts', '../jobs/index.ts'],
  ['apps/web/src/features/books/x.ts', '../../components/index.ts'],
  ['apps/server/src/features/books/x.ts', '../jobs/index.ts'],
  ['apps/server/src/features/books/x.ts', '../../platform/errors.ts'],
  ['apps/server/src/features/books/steps/x.ts', '../books.repo.ts'],
])('the linter lets %s import %s', async (file, module) => {
  expect(await lint(file, use(module))).not.toContain('no-restricted-imports');
});
