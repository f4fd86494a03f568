/** Something that this program itself could not do. `remedy` is what to type or change. */
export class CliError extends Error {
  readonly code: string;
  readonly remedy: string | undefined;
  readonly exitCode: number;

  constructor(
    code: string,
    message: string,
    options: {
      readonly remedy?: string;
      readonly exitCode?: number;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CliError';
    this.code = code;
    this.remedy = options.remedy;
    this.exitCode = options.exitCode ?? 1;
  }
}
