import { readFile } from 'node:fs/promises';
import { createTestDatabase } from '@scriptorium/testkit';
import { expect, test } from 'vitest';
import { countWords } from './word-count.ts';

test('the example of the guide counts words and says what it could not count', async () => {
  const database = await createTestDatabase();
  const counted = await countWords(database.connectionString, ['one two three', '', 'four five']);
  expect(counted).toEqual({
    status: 'completed',
    output: { total: 5 },
    gaps: [{ index: 1, code: 'word_count.empty', message: 'The text is empty.' }],
  });
  await database.drop();
});

test('the guide shows the example as it is', async () => {
  const file = (name: string) => readFile(new URL(name, import.meta.url), 'utf8');
  const guide = await file('../guides/a-fifth-pipeline.md');
  expect(guide).toContain(`\`\`\`ts\n${await file('word-count.ts')}\`\`\``);
});
