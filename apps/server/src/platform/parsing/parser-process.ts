/**
 * A process of `ParserProcesses`: reads file after file and answers with what is in it, or with why not. Its arguments are the names of
 * the parsers to practise with until the first file comes.
 */
import { readFile } from 'node:fs/promises';
import { DocumentError } from '@scriptorium/documents';
import {
  PARSERS,
  type OnProgress,
  type Parser,
  type ParserMessage,
  type ParseTask,
} from './parsers.ts';

/** More often than this nobody looks. */
const PROGRESS_MS = 100;

let isWanted = false;

/** Ends in silence when the server is gone: there is nobody to tell, and nobody waits. */
const tell = (message: ParserMessage): void => {
  process.send?.(message, undefined, undefined, (error) => {
    if (error !== null) process.exit();
  });
};
process.on('disconnect', () => process.exit());

// A defect of the parser ends the process, by a rejection that nobody handles; the server hears of it and starts another.
process.on('message', (task: ParseTask<never>) => {
  isWanted = true;
  void answer(task).then(tell);
});

for (const [name, entry] of Object.entries(PARSERS)) {
  if (process.argv.includes(name) && 'practise' in entry) await entry.practise(() => isWanted);
}

/** The caller's types have checked the options. */
async function answer({ parser, path, options }: ParseTask<never>): Promise<ParserMessage> {
  const parse: Parser = await PARSERS[parser].load();
  try {
    const result = await parse(await readFile(path), options, reporter());
    return { kind: 'result', result, residentBytes: process.memoryUsage.rss() };
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    const { code, message, details } = error;
    return {
      kind: 'refusal',
      code,
      message,
      details,
      residentBytes: process.memoryUsage.rss(),
    };
  }
}

/** The first report and the last one always, those between at most ten a second. */
function reporter(): OnProgress {
  let last = -Infinity;
  return (done, total) => {
    const now = performance.now();
    if (done < total && now - last < PROGRESS_MS) return;
    last = now;
    tell({ kind: 'progress', done, total });
  };
}
