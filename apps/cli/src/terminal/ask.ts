import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { CliError } from '../cli-error.ts';

export interface Question {
  readonly text: string;
  /** The answer is not shown while it is typed. */
  readonly isSecret?: boolean;
}

/**
 * Asks one question after the other on standard error, so that standard output stays what the command says. Answers are lines of
 * standard input, typed or piped.
 *
 * @throws CliError if the input ends before, or at Ctrl-C
 */
export async function askAll(questions: readonly Question[]): Promise<string[]> {
  let isEchoing = true;
  const echo = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (isEchoing) process.stderr.write(chunk);
      done();
    },
  });
  const input = createInterface({
    input: process.stdin,
    output: echo,
    terminal: process.stdin.isTTY,
  });
  input.once('SIGINT', () => input.close());
  const lines = input[Symbol.asyncIterator]();
  const answers: string[] = [];
  try {
    for (const { text, isSecret = false } of questions) {
      process.stderr.write(text);
      isEchoing = !isSecret;
      const { value, done } = await lines.next();
      if (isSecret || done === true) process.stderr.write('\n');
      if (done === true)
        throw new CliError('cli.no_answer', 'The question was not answered; nothing was done.');
      answers.push(value);
    }
    return answers;
  } finally {
    input.close();
  }
}
