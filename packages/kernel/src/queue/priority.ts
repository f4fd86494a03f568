/** How urgent a job is. A person is waiting > interactive > preload > bulk. */
export const CLASSES = ['bulk', 'preload', 'interactive', 'waiting'] as const;
export type PriorityClass = (typeof CLASSES)[number];

/** One class for every two minutes waited. */
const SECONDS_PER_CLASS = 120;
/** Premium goes before others within a class. */
const PREMIUM_SECONDS = SECONDS_PER_CLASS / 2;
/**
 * What a waiting person is ahead of everybody else: an hour. With the two minutes of the other classes a backlog of
 * aged bulk work would overtake a person who has just opened a page; with infinity a machine that
 * always has somebody waiting would starve the rest.
 */
const WAITING_SECONDS = 3600;

/** Seconds since 1970 at which the scale starts, so that priorities fit PostgreSQL's `integer` until 2094. */
const EPOCH_SECONDS = 1_767_225_600; // 2026-01-01

const WEIGHT: Record<PriorityClass, number> = {
  bulk: 0,
  preload: SECONDS_PER_CLASS,
  interactive: 2 * SECONDS_PER_CLASS,
  waiting: 2 * SECONDS_PER_CLASS + WAITING_SECONDS,
};

/**
 * The queue's priority (higher is served first) of a task that starts to wait at `now`.
 *
 * Ageing without a job that ages: a task is ranked by the virtual moment at which it began to wait, that is, its
 * real one minus two minutes for each class. Two tasks compare the same at every later moment, so the number
 * never has to be rewritten. (Rejected: raising the priorities of all waiting rows on a timer: an UPDATE of the whole
 * queue every few seconds.)
 *
 * @param now milliseconds since 1970
 */
export function priorityOf(
  task: { class: PriorityClass; isPremium: boolean },
  now: number,
): number {
  const waitingSince = Math.floor(now / 1000) - EPOCH_SECONDS;
  return WEIGHT[task.class] + (task.isPremium ? PREMIUM_SECONDS : 0) - waitingSince;
}

/** The least priority of a task for which a person waits, at `now`: what the reserved slot takes. */
export function leastWaitingPriority(now: number): number {
  return priorityOf({ class: 'waiting', isPremium: false }, now);
}
