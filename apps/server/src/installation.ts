import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createClient, routes } from '@scriptorium/contract';
import { launchChild, type ChildRole } from './child.ts';
import type { Config } from './config.ts';
import { launchDatabase, type DatabasePlace } from './embedded-database.ts';
import { localAddress } from './listen.ts';
import type { Log } from './platform/log.ts';
import { supervise, type Running, type Supervised } from './supervise.ts';

/** What a child may take for a stop in good order beside the drain, before it is killed. */
const STOP_MARGIN_MS = 10_000;

export interface InstallationOptions {
  readonly config: Config;
  /** For the children, with the database's address and the port put in. */
  readonly environment: NodeJS.ProcessEnv;
  readonly log: Log;
}

/** Where a running installation is. */
export interface Site {
  /** For a browser on this machine: `http://127.0.0.1:8080`. */
  readonly address: string;
  /** The folder of the embedded database; undefined for another one. */
  readonly databaseFolder: string | undefined;
  /** Whoever opens it becomes the owner; undefined if there is one. */
  readonly claimLink: string | undefined;
}

/** A database if none is configured, a server and a worker, each started again whenever it dies. */
export class Installation implements AsyncDisposable {
  readonly #config: Config;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #log: Log;
  #database: Supervised | undefined;
  #server: Supervised | undefined;
  #worker: Supervised | undefined;
  #databaseUrl: string | undefined;
  #databaseFolder: string | undefined;
  /** The one that was taken, when any was asked for: a restarted server comes back to it. */
  #port: number;
  #claimLink: string | undefined;
  #isStopping = false;

  constructor({ config, environment, log }: InstallationOptions) {
    this.#config = config;
    this.#environment = environment;
    this.#log = log;
    this.#databaseUrl = config.databaseUrl;
    this.#port = config.port;
  }

  /** Resolves when requests are answered and works are done. Undefined if it was stopped before. */
  async start(): Promise<Site | undefined> {
    await mkdir(this.#config.dataDir, { recursive: true });
    if (this.#databaseUrl === undefined) {
      this.#database = this.#supervise('database', () =>
        launchDatabase({
          dataDir: path.join(this.#config.dataDir, 'postgres'),
          log: this.#log,
          isInService: () => this.#isAnswered(),
          onReady: (place) => this.#useDatabase(place),
        }),
      );
    }
    // Loaded while PostgreSQL starts: 0.3 s.
    const [{ openDatabase }] = await Promise.all([
      import('./open-database.ts'),
      this.#database?.ready,
    ]);
    // Here as well as in each child: two that migrate at once would both tell of a migration that fails.
    const pool = await openDatabase(this.#withDatabase(), this.#log, 'scriptorium-start');
    await pool.end();
    if (this.#isStopping) return undefined;
    this.#server = this.#supervise('server', () => this.#launchChild('server'));
    this.#worker = this.#supervise('worker', () => this.#launchChild('worker'));
    await Promise.all([this.#server.ready, this.#worker.ready]);
    const address = localAddress(this.#config.host, this.#port);
    await createClient({ baseUrl: address }).call(routes.operations.ready, {});
    await writeFile(this.#addressFile, `${address}\n`);
    return { address, databaseFolder: this.#databaseFolder, claimLink: this.#claimLink };
  }

  /** Ends the children in good order, then the database. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopping = true;
    await Promise.all([this.#server?.stop(), this.#worker?.stop()]);
    await this.#database?.stop();
    if (this.#server !== undefined) await rm(this.#addressFile, { force: true });
  }

  /** Shortens the stop. */
  hurry(): void {
    this.#server?.hurry();
    this.#worker?.hurry();
  }

  /** Tells programs on this machine, such as the command line, where to find us. */
  get #addressFile(): string {
    return path.join(this.#config.dataDir, 'address');
  }

  #supervise(name: string, launch: () => Running): Supervised {
    return supervise({ name, launch, log: this.#log });
  }

  #withDatabase(): Config & { readonly databaseUrl: string } {
    if (this.#databaseUrl === undefined) throw new Error('The database has not been started yet');
    return { ...this.#config, databaseUrl: this.#databaseUrl };
  }

  #launchChild(role: ChildRole): Running {
    const { databaseUrl, drainSeconds } = this.#withDatabase();
    return launchChild({
      role,
      environment: {
        ...this.#environment,
        DATABASE_URL: databaseUrl,
        DATA_DIR: this.#config.dataDir,
        PORT: String(this.#port),
      },
      patienceMs: drainSeconds * 1000 + STOP_MARGIN_MS,
      onReady: ({ port, claimLink }) => {
        this.#port = port ?? this.#port;
        this.#claimLink = claimLink ?? this.#claimLink;
      },
    });
  }

  #useDatabase({ url, folder }: DatabasePlace): void {
    const hasMoved = this.#databaseUrl !== undefined && this.#databaseUrl !== url;
    this.#databaseUrl = url;
    this.#databaseFolder = folder;
    // Nearly never: it comes back to the same socket. Children know its address from their environment alone.
    if (hasMoved) {
      this.#server?.restart();
      this.#worker?.restart();
    }
  }

  async #isAnswered(): Promise<boolean> {
    try {
      const address = await readFile(this.#addressFile, 'utf8');
      await createClient({ baseUrl: address.trim() }).call(routes.operations.health, {});
      return true;
    } catch (error) {
      this.#log.debug({ err: error }, 'Nobody answers for this folder');
      return false;
    }
  }
}
