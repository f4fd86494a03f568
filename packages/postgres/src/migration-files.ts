import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { PostgresError } from './errors.ts';

/** A folder of files `NNNN_subject.sql`, numbered from 0001 without a gap. */
export interface MigrationSet {
  readonly name: string;
  readonly directory: URL | string;
}

export interface MigrationFile {
  readonly set: string;
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  /** Of the text with LF line ends, so that a checkout on Windows has the same one. */
  readonly sha256: string;
}

const FILE_NAME = /^(?<number>\d{4})_[a-z0-9_]+\.sql$/;

/** Reads a set in the order of its numbers; refuses names out of the pattern and gaps. */
export async function readMigrationSet(set: MigrationSet): Promise<MigrationFile[]> {
  const directory = set.directory instanceof URL ? fileURLToPath(set.directory) : set.directory;
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map((name, index) => readMigration(set.name, directory, name, index + 1)),
  );
}

async function readMigration(
  set: string,
  directory: string,
  name: string,
  expected: number,
): Promise<MigrationFile> {
  const digits = FILE_NAME.exec(name)?.groups?.['number'];
  if (digits === undefined) {
    throw new PostgresError(
      'migration.bad_name',
      `The migration ${set}/${name} is not named like 0001_subject.sql; rename it.`,
      { set, name },
    );
  }
  const number = Number(digits);
  if (number !== expected) {
    throw new PostgresError(
      'migration.gap',
      `The migration ${set}/${name} comes where number ${expected} is expected; the numbers of a set run from 0001 without gaps and repetitions.`,
      { set, name, expected },
    );
  }
  const sql = (await readFile(path.join(directory, name), 'utf8')).replaceAll('\r\n', '\n');
  return { set, number, name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
}
