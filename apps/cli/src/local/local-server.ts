import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { CliError } from '../cli-error.ts';
import { SERVER_PROGRAM } from './server-program.ts';

export interface LocalServerOptions {
  readonly dataFolder: string;
  /** For the program; the folder and the form of its log are put in. */
  readonly environment: NodeJS.ProcessEnv;
}

const READY = /^Scriptorium is ready at (\S+)$/u;

/** A whole installation that lives as long as this process needs it. */
export class LocalServer implements AsyncDisposable {
  readonly address: string;
  readonly logFile: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, address: string, logFile: string) {
    this.#child = child;
    this.address = address;
    this.logFile = logFile;
  }

  /**
   * Starts one and waits until it answers. Its log goes to a file in the data folder.
   *
   * @throws CliError with what it said, if it does not start
   */
  static async start({ dataFolder, environment }: LocalServerOptions): Promise<LocalServer> {
    await mkdir(dataFolder, { recursive: true });
    const logFile = path.join(dataFolder, 'scriptorium.log');
    const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
    const child = spawn(process.execPath, [SERVER_PROGRAM, 'start'], {
      env: { ...environment, DATA_DIR: dataFolder, LOG_FORMAT: 'json' },
      // The channel carries nothing: its end tells the server that this process has ended, however it did.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const { stdout, stderr } = child;
    if (stdout === null || stderr === null) throw new Error('The child has no output to read');
    const complaints: string[] = [];
    createInterface({ input: stderr }).on('line', (line) => {
      log.write(`${line}\n`);
      if (!line.startsWith('{')) complaints.push(line);
    });
    const ended = once(child, 'close').then(() => undefined);
    void ended.then(() => log.end());
    const address = await Promise.race([readyAddress(stdout), ended]);
    if (address !== undefined) return new LocalServer(child, address, logFile);
    throw new CliError(
      'cli.server_not_started',
      `The server did not start. It said:\n${complaints.join('\n')}`,
      { remedy: `see ${logFile}` },
    );
  }

  /** Resolves when it has ended by itself. */
  get ended(): Promise<unknown> {
    return this.#hasEnded() ? Promise.resolve() : once(this.#child, 'close');
  }

  /** Stops it in good order. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#hasEnded()) return;
    this.#child.kill('SIGTERM');
    await once(this.#child, 'close');
  }

  #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}

function readyAddress(output: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve) => {
    createInterface({ input: output }).on('line', (line) => {
      const address = READY.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
}
