/** What can go wrong with a model, as values that a caller can act on. */

/** Stable, for programs. */
export type ModelErrorCode =
  | 'llm.bad_model'
  | 'llm.bad_key'
  | 'llm.no_credit'
  | 'llm.bad_request'
  | 'llm.context_overflow'
  | 'llm.refused'
  | 'llm.bad_answer'
  | 'llm.busy'
  | 'llm.timeout'
  | 'llm.unreachable';

/** A call of a model that led to nothing. `isTemporary`: the same call may succeed later. */
export class ModelError extends Error {
  readonly code: ModelErrorCode;
  readonly isTemporary: boolean;

  constructor(code: ModelErrorCode, message: string, isTemporary: boolean, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.isTemporary = isTemporary;
  }
}

/**
 * The provider takes no calls now: a rate limit, an overload, or our own budget that is empty. Nothing is wrong with the
 * call, so it should use up no attempt.
 */
export class ModelBusyError extends ModelError {
  /** Whole seconds, at least one. */
  readonly retryAfterSeconds: number;

  constructor(message: string, retryAfterSeconds: number) {
    super('llm.busy', message, true);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
