/**
 * Answers that come together are dealt with one after the other. An answer costs the processor some 4 ms, until the next question is
 * out. Of five conversations in step whose answers are read in turns, a piece of each, all go on after the sum, 20 ms, and are in
 * step again; let through one by one, they go on after 4, 8, 12 ms and so on, and from then on do not meet.
 */

/** No answer waits longer for those before it, should one of them hang, or its text come long after its head. */
const LONGEST_WAIT_MS = 50;

/** One conversation's way through. Its calls are made one at a time. */
export interface Passage {
  /** Sends a question, which lets the next answer in, and returns once its own answer may be dealt with. */
  readonly fetch: typeof globalThis.fetch;
  /** Nothing more is asked for now. */
  leave(): void;
  /** Nothing more is asked at all. */
  close(): void;
}

/** Opens passages for conversations. */
export type Turnstile = (send: typeof globalThis.fetch) => Passage;

export function createTurnstile(): Turnstile {
  const enter = createLine();
  return (send) => {
    let leave = () => {};
    let isClosed = false;
    return {
      fetch: async (input, init) => {
        const answer = send(input, init);
        leave();
        const response = await answer;
        leave = await enter();
        // Nobody reads an answer that comes after the conversation was given up.
        if (isClosed) leave();
        return response;
      },
      leave: () => leave(),
      close: () => {
        isClosed = true;
        leave();
      },
    };
  };
}

/** First come, first served. What entering returns is to be called by whoever leaves, once or more often. */
function createLine(): () => Promise<() => void> {
  const waiting = new Set<() => void>();
  let isTaken = false;
  const letNextIn = () => {
    const [next] = waiting;
    isTaken = next !== undefined;
    next?.();
  };
  const once = (): (() => void) => {
    let isInside = true;
    return () => {
      if (isInside) letNextIn();
      isInside = false;
    };
  };
  return async () => {
    if (!isTaken) {
      isTaken = true;
      return once();
    }
    return await new Promise((resolve) => {
      const timer = setTimeout(() => {
        waiting.delete(pass);
        resolve(() => {});
      }, LONGEST_WAIT_MS);
      const pass = () => {
        clearTimeout(timer);
        waiting.delete(pass);
        resolve(once());
      };
      waiting.add(pass);
    });
  };
}
