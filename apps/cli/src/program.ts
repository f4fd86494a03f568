import { Command, InvalidArgumentError, Option } from 'commander';
import { redoSentences, retryJob, type AgainOptions } from './commands/again.ts';
import { cancelJob, listJobs, watchJob } from './commands/jobs.ts';
import { login } from './commands/login.ts';
import { showCredits } from './commands/credits.ts';
import { estimateFile, saveResult } from './commands/novels.ts';
import { runFile } from './commands/run.ts';
import type { Context } from './context.ts';
import { runServerProgram } from './local/server-program.ts';
import type { NovelRunOptions } from './novels/run-novel.ts';
import { addPeopleCommands } from './people/commands.ts';

/** How a command is run: with what it needs, its exit code becoming ours. */
export type Execute = (
  command: (context: Context) => Promise<number>,
  options: GlobalOptions,
) => Promise<void>;

/** Options that every command takes. */
export interface GlobalOptions {
  readonly server?: string;
  readonly token?: string;
  readonly json?: boolean;
}

/** The commands, as `--help` shows them. `finish` is given the exit code of those that are no more than a process. */
export function buildProgram(execute: Execute, finish: (exitCode: number) => void): Command {
  const program = new Command('scriptorium')
    .description(
      'Turns long documents into finished work, as jobs that you can watch, cancel and retry.',
    )
    .option(
      '--server <url>',
      'server to use (SCRIPTORIUM_SERVER); default: the one you signed in to, else one on this machine',
    )
    .addOption(new Option('--token <key>', 'API key to use (SCRIPTORIUM_TOKEN)'))
    .option('--json', 'print JSON for programs')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .helpCommand(false);

  const processes = {
    start: 'run everything here: database, server and worker; settings come from the environment',
    server: 'run a server alone, on DATABASE_URL',
    worker: 'run a worker alone, on DATABASE_URL',
  } as const;
  for (const name of ['start', 'server', 'worker'] as const) {
    program
      .command(name)
      .description(processes[name])
      .action(async () => finish(await runServerProgram(name)));
  }

  const act = (command: Command, body: (context: Context) => Promise<number>) =>
    execute(body, command.optsWithGlobals<GlobalOptions>());

  program
    .command('login')
    .description('sign in, and keep an API key for this user of this machine')
    .option('--email <email>', 'whom to sign in; asked for if it is not given')
    .action((options: { readonly email?: string }, command: Command) =>
      act(command, (context) => login(options.email, context)),
    );
  addDocumentCommands(program, act);
  addJobCommands(program, act);
  addPeopleCommands(program, act);
  return program;
}

/** Runs the body of a command with the options that every command takes. */
type Act = (command: Command, body: (context: Context) => Promise<number>) => Promise<void>;

/** Documents: hand in, and ask what it takes. */
function addDocumentCommands(program: Command, act: Act): void {
  addShorteningOptions(program.command('run'))
    .description(
      'hand in a document, watch the work on it, and see what came of it; starts a server if none runs',
    )
    .argument(
      '<file>',
      'EPUB, FB2, FB2.zip, MOBI or TXT to read; PDF to have its sentences shortened',
    )

    .option(
      '-o, --out <file>',
      'a PDF: where the result goes (.json .txt .csv .tsv .xlsx .html .epub)',
    )
    .action((file: string, options: NovelRunOptions, command: Command) =>
      act(command, (context) => runFile(file, options, context)),
    );
  addShorteningOptions(program.command('estimate'))
    .description('say what shortening the sentences of a PDF will take; nothing is spent')
    .argument('<file>', 'PDF')

    .action((file: string, options: NovelRunOptions, command: Command) =>
      act(command, (context) => estimateFile(file, options, context)),
    );
  program
    .command('credits')
    .description('show your credits and their newest movements')
    .option('--limit <number>', 'how many movements at most', toCount, 20)
    .action((options: { readonly limit: number }, command: Command) =>
      act(command, (context) => showCredits(options.limit, context)),
    );
  program
    .command('result')
    .description('write what a job on a PDF has made so far')
    .argument('<job>', 'number of the job', toJobId)
    .requiredOption(
      '-o, --out <file>',
      'its ending says the format: .json .txt .csv .tsv .xlsx .html .epub',
    )
    .action((jobId: number, options: { readonly out: string }, command: Command) =>
      act(command, (context) => saveResult(jobId, options.out, context)),
    );
}

/** Jobs: list, watch, stop, do again, have the result. */
function addJobCommands(program: Command, act: Act): void {
  program
    .command('jobs')
    .description('list your jobs, newest first')
    .option('--open', 'only those that have not ended')
    .option('--limit <number>', 'how many at most', toCount, 20)
    .action((options: { readonly open?: boolean; readonly limit: number }, command: Command) =>
      act(command, (context) =>
        listJobs({ isOpen: options.open ?? false, limit: options.limit }, context),
      ),
    );
  const onJob = (
    name: string,
    description: string,
    body: (id: number, context: Context) => Promise<number>,
  ) =>
    program
      .command(name)
      .description(description)
      .argument('<job>', 'number of the job', toJobId)
      .action((jobId: number, _options: unknown, command: Command) =>
        act(command, (context) => body(jobId, context)),
      );
  onJob('watch', 'show a job until it ends; with --json, every event on a line', watchJob);
  onJob('cancel', 'stop a job; what is finished is kept', cancelJob);
  const onEnded = (
    name: string,
    description: string,
    body: (id: number, options: AgainOptions, context: Context) => Promise<number>,
  ) =>
    program
      .command(name)
      .description(description)
      .argument('<job>', 'number of the job', toJobId)
      .option('--dry-run', 'say what it will take, and make nothing')
      .action((jobId: number, options: AgainOptions, command: Command) =>
        act(command, (context) => body(jobId, options, context)),
      );
  onEnded('retry', 'make a new job of what an ended one lacks', retryJob);
  onEnded('redo', 'of a PDF: do again what is over the limit', redoSentences).addOption(
    modelOption(),
  );
}

/** How a PDF is shortened. */
function addShorteningOptions(command: Command): Command {
  const options = [
    new Option('--max-words <number>', 'a PDF: most words a sentence')
      .argParser(toWords)
      .default(12),
    modelOption(),
    new Option('--password <text>', 'of an encrypted PDF'),
  ];
  for (const option of options) command.addOption(option);
  return command;
}

function modelOption(): Option {
  return new Option(
    '--model <name>',
    'a PDF: who shortens; default: the best that the server has',
  ).choices(['balanced', 'quality', 'speed', 'offline']);
}

function toWords(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 4 && number <= 60) return number;
  throw new InvalidArgumentError('Expected a whole number from 4 to 60.');
}

function toJobId(text: string): number {
  if (/^[1-9]\d{0,14}$/u.test(text)) return Number(text);
  throw new InvalidArgumentError('A job is named by its number, such as 12.');
}

function toCount(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 100) return number;
  throw new InvalidArgumentError('Expected a whole number from 1 to 100.');
}
