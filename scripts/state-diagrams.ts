import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stateDiagram } from '@scriptorium/kernel/state-diagram';

const FILE = path.join(import.meta.dirname, '../ARCHITECTURE.md');
const START =
  '<!-- states:start (node scripts/state-diagrams.ts writes this from the transition table) -->';
const END = '<!-- states:end -->';

/** ARCHITECTURE.md with the diagrams that the kernel's transition table gives. */
export async function withDiagrams(): Promise<{ before: string; after: string }> {
  const before = await readFile(FILE, 'utf8');
  const section = (
    [
      ['Job', 'job', 'pending'],
      ['Chunk', 'chunk', 'waiting'],
      ['Work', 'work', 'idle'],
    ] as const
  )
    .map(
      ([title, entity, initial]) =>
        `**${title}**\n\n\`\`\`mermaid\n${stateDiagram(entity, initial)}\n\`\`\``,
    )
    .join('\n\n');
  const [head, rest] = before.split(START);
  const tail = rest?.split(END)[1];
  if (head === undefined || tail === undefined)
    throw new Error(`${FILE} lacks the markers of the states.`);
  return { before, after: `${head}${START}\n\n${section}\n\n${END}${tail}` };
}

if (import.meta.main) await writeFile(FILE, (await withDiagrams()).after);
