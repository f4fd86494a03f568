/**
 * Writes the table of environment variables into README.md, between `<!-- config:start -->` and `<!-- config:end -->`:
 * `node scripts/readme-config.ts`. A test fails when the table is not the current one.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { describeVariable, environmentSchema } from '../apps/server/src/config-variables.ts';

const START = '<!-- config:start -->';
const END = '<!-- config:end -->';

function configTable(): string {
  const rows = Object.keys(environmentSchema.shape)
    .map(describeVariable)
    .map(({ name, description, expected, default: preset }) => {
      const value = preset === undefined ? '' : `\`${preset}\``;
      return `| \`${name}\` | ${value} | ${expected} | ${description} |`;
    });
  return ['| variable | default | allowed | meaning |', '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

/** The text with a current table between the markers; unchanged where it has no markers. */
export function withConfigTable(text: string): string {
  const start = text.indexOf(START);
  const end = text.indexOf(END);
  if (start === -1 || end < start) return text;
  return `${text.slice(0, start + START.length)}\n${configTable()}\n${text.slice(end)}`;
}

if (import.meta.main) {
  const readme = new URL('../README.md', import.meta.url);
  await writeFile(readme, withConfigTable(await readFile(readme, 'utf8')));
}
