import type { Log } from '../log.ts';

/** Process and SQLSTATE stand before each message, in a form that is easy to take apart. */
export const LOG_LINE_PREFIX = '[%p] %e ';

/**
 * The message that tells that connections are accepted; `lc_messages` keeps it from being
 * translated.
 */
export const READY = 'database system is ready to accept connections';

const LINE = /^\[(?<pid>\d+)\] (?<sqlState>\w{5}) (?<severity>[A-Z]+\d?): {2}(?<message>.*)$/;

export interface LogLine {
  readonly severity: string;
  readonly sqlState: string;
  readonly message: string;
}

/** Takes a line of the server's log apart; a line that continues a message has no severity. */
export function parseLogLine(text: string): LogLine {
  const { severity = '', sqlState = '', message = text.trim() } = LINE.exec(text)?.groups ?? {};
  return { severity, sqlState, message };
}

/** SQLSTATE class "operator intervention": what a shutdown tells those who are connected. */
const OPERATOR_INTERVENTION = '57';

/**
 * Passes a line on at the level it deserves here. ERROR means that one statement failed: whoever
 * sent it got that very error and knows whether it matters (a unique violation often does not), so
 * it is not reported twice.
 */
export function relay({ severity, sqlState, message }: LogLine, log: Log): void {
  const details = { source: 'postgres', severity, sqlState };
  if (severity === 'PANIC' || severity === 'FATAL') {
    if (sqlState.startsWith(OPERATOR_INTERVENTION)) {
      log.info(details, message);
    } else {
      log.error(details, message);
    }
  } else if (severity === 'WARNING') {
    log.warn(details, message);
  } else {
    log.debug(details, message);
  }
}
