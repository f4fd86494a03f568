import { setTimeout as delay } from 'node:timers/promises';
import {
  reply,
  shortenedBy,
  type ModelReply,
  type ModelRequest,
} from '../../packages/testkit/src/model-server/index.ts';
import type { Choices } from '../../packages/testkit/src/choices.ts';

/** How the model behaves for a while. */
export type Weather = 'fair' | 'busy' | 'broken' | 'slow';

const MAX_WORDS = 6;
const CALL_MS = 150;
const SLOW_MS = 2500;

export interface ModelWeather {
  change(weather: Weather): void;
  /** Answers that were none: what is asked again for them is no waste. */
  readonly faults: () => number;
  answer(request: ModelRequest): Promise<ModelReply>;
}

/** A model that shortens in fair weather, and else says no, breaks off or dawdles, half of the time. */
export function modelWeather(random: Choices): ModelWeather {
  let weather: Weather = 'fair';
  let faults = 0;
  const fault = (answer: ModelReply): ModelReply => {
    faults += 1;
    return answer;
  };
  return {
    change: (next) => (weather = next),
    faults: () => faults,
    answer: async (request) => {
      await delay(weather === 'slow' ? SLOW_MS : CALL_MS);
      const isHit = weather !== 'fair' && weather !== 'slow' && random.below(2) === 0;
      if (!isHit) return shortenedBy(request, MAX_WORDS);
      if (weather === 'busy') return fault(reply.status(429, { headers: { 'retry-after': '1' } }));
      return fault(
        random.pick([reply.status(503), reply.reset('midway'), reply.text('{"items": [{')]),
      );
    },
  };
}
