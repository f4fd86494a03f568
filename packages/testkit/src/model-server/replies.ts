/** What a scripted model answers. Each is a value, so that a script can be a list. */
export type ModelReply =
  | {
      readonly kind: 'completion';
      readonly content: string | null;
      readonly finishReason: string;
      readonly usage: TokenUsage | undefined;
      readonly refusal: string | undefined;
    }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | { readonly kind: 'silence' }
  | { readonly kind: 'reset'; readonly isMidway: boolean };

export interface TokenUsage {
  readonly input: number;
  readonly output: number;
}

/** What `reply.answer` and others report unless told otherwise. */
const DEFAULT_USAGE: TokenUsage = { input: 100, output: 20 };

interface CompletionOptions {
  readonly finishReason?: string;
  /** `null`: the server says nothing of usage, as some local ones do. */
  readonly usage?: TokenUsage | null;
}

interface StatusOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON of the error; a string is sent as it is. */
  readonly body?: unknown;
}

/** The ways in which a model can answer, or not. */
export const reply = {
  /** A structured answer. */
  answer: (value: unknown, options: CompletionOptions = {}): ModelReply =>
    completion(JSON.stringify(value), options),

  /** Any text in place of an answer: malformed JSON, a code fence, an apology. */
  text: (content: string, options: CompletionOptions = {}): ModelReply =>
    completion(content, options),

  /** An answer that ends in the middle, because the limit of output tokens was reached. */
  cut: (value: unknown, options: Omit<CompletionOptions, 'finishReason'> = {}): ModelReply => {
    const whole = JSON.stringify(value);
    const half = whole.slice(0, Math.ceil(whole.length / 2));
    return completion(half, { ...options, finishReason: 'length' });
  },

  /** Stopped by the provider's filter. */
  filtered: (options: Omit<CompletionOptions, 'finishReason'> = {}): ModelReply =>
    completion('', { ...options, finishReason: 'content_filter' }),

  /** Declined by the model itself, in the field that OpenAI's protocol has for it. */
  refusal: (refusal: string): ModelReply => ({
    kind: 'completion',
    content: null,
    finishReason: 'stop',
    usage: DEFAULT_USAGE,
    refusal,
  }),

  /** An HTTP error. */
  status: (status: number, { headers = {}, body }: StatusOptions = {}): ModelReply => ({
    kind: 'status',
    status,
    headers,
    body:
      typeof body === 'string'
        ? body
        : JSON.stringify(body ?? { error: { message: `scripted status ${status}` } }),
  }),

  /** Nothing at all, until the client goes or the server is closed. */
  silence: (): ModelReply => ({ kind: 'silence' }),

  /** The connection breaks before an answer, or in its body. */
  reset: (when: 'before' | 'midway' = 'before'): ModelReply => ({
    kind: 'reset',
    isMidway: when === 'midway',
  }),
};

function completion(content: string, options: CompletionOptions): ModelReply {
  return {
    kind: 'completion',
    content,
    finishReason: options.finishReason ?? 'stop',
    usage: options.usage === null ? undefined : (options.usage ?? DEFAULT_USAGE),
    refusal: undefined,
  };
}

/** The body of an OpenAI chat completion. */
export function completionBody(
  { content, finishReason, usage, refusal }: Extract<ModelReply, { kind: 'completion' }>,
  model: string,
): string {
  return JSON.stringify({
    id: 'chatcmpl-scripted',
    object: 'chat.completion',
    created: 0,
    model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, ...(refusal === undefined ? {} : { refusal }) },
        finish_reason: finishReason,
      },
    ],
    ...(usage === undefined
      ? {}
      : {
          usage: {
            prompt_tokens: usage.input,
            completion_tokens: usage.output,
            total_tokens: usage.input + usage.output,
          },
        }),
  });
}
