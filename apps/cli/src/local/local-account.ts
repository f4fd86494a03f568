import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Credentials } from '../session/sign-in.ts';

const EMAIL = 'demo@scriptorium.local';

/** The owner of an installation that was begun without naming one. */
export interface LocalAccount extends Credentials {
  /** Made just now; it becomes the owner only if there is none yet. */
  readonly isNew: boolean;
}

/**
 * The account that is kept beside the data in `demo-account.json`, readable by its owner alone; makes one if there is none, so that
 * a document can be worked on before anybody has set anything up.
 */
export async function openLocalAccount(dataFolder: string): Promise<LocalAccount> {
  const known = await readLocalAccount(dataFolder);
  if (known !== undefined) return { ...known, isNew: false };
  const fresh = { email: EMAIL, password: randomBytes(15).toString('base64url') };
  await mkdir(dataFolder, { recursive: true });
  await writeFile(fileIn(dataFolder), `${JSON.stringify(fresh, undefined, 2)}\n`, { mode: 0o600 });
  return { ...fresh, isNew: true };
}

/** Forgets an account that did not become the owner. */
export async function dropLocalAccount(dataFolder: string): Promise<void> {
  await rm(fileIn(dataFolder), { force: true });
}

/** The account that was made for this folder, if one was. */
export async function readLocalAccount(dataFolder: string): Promise<Credentials | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(fileIn(dataFolder), 'utf8'));
    if (typeof value !== 'object' || value === null) return undefined;
    const { email, password } = { email: '', password: '', ...value };
    const isWhole = typeof email === 'string' && typeof password === 'string' && password !== '';
    return isWhole ? { email, password } : undefined;
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    // Written by a process that was killed meanwhile: it is made anew.
    if (isMissing || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function fileIn(dataFolder: string): string {
  return path.join(dataFolder, 'demo-account.json');
}
