/**
 * The command line. Exit codes: 0 when what was asked for is done, 1 when it is not, 2 when the command itself cannot be
 * understood, 130 after Ctrl-C.
 */
import { CommanderError } from 'commander';
import { CliError } from './cli-error.ts';
import type { Context } from './context.ts';
import { explainError, explainErrorAsJson } from './explain-error.ts';
import { INTERRUPTED, interruption } from './interruption.ts';
import { buildProgram, type Execute } from './program.ts';

const execute: Execute = async (command, { json: isJson = false, ...options }) => {
  const signal = interruption();
  const context: Context = {
    ...options,
    environment: process.env,
    out: process.stdout,
    isJson,
    signal,
  };
  try {
    process.exitCode = await command(context);
  } catch (error) {
    if (signal.aborted) {
      process.exitCode = INTERRUPTED;
      return;
    }
    process.stderr.write(isJson ? explainErrorAsJson(error) : explainError(error));
    process.exitCode = error instanceof CliError ? error.exitCode : 1;
  }
};

const program = buildProgram(execute, (exitCode) => {
  process.exitCode = exitCode;
});
try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // It has said what is wrong, or shown the help that was asked for.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
