import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { withConfigTable } from './readme-config.ts';

const readme = new URL('../README.md', import.meta.url);

describe('the table of environment variables', () => {
  it('is written between the markers and nowhere else', () => {
    const text = withConfigTable(
      '# T\n<!-- config:start -->\nobsolete\n<!-- config:end -->\nrest\n',
    );
    expect(text).toMatch(/^# T\n<!-- config:start -->\n\| variable \|/u);
    expect(text).toContain('| `WORKER_SLOTS` | `5` |');
    expect(text).toMatch(/\n<!-- config:end -->\nrest\n$/u);
    expect(text).not.toContain('obsolete');
    expect(withConfigTable('no markers')).toBe('no markers');
  });

  it.skipIf(!existsSync(readme))(
    'is current in README.md (else: node scripts/readme-config.ts)',
    async () => {
      const text = await readFile(readme, 'utf8');
      expect(text).toBe(withConfigTable(text));
    },
  );
});
