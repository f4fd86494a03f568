/**
 * The process in which a work runs alone that was running when another process died. Started by the worker, which tells it
 * the work and keeps everything that has to be recorded.
 */
import { serveAlone } from '@scriptorium/kernel';
import { composeAlone } from './compose.ts';
import { loadConfig } from './config.ts';
import { withDatabase } from './open-database.ts';
import { openLog } from './platform/log.ts';

const config = withDatabase(loadConfig(process.env));
serveAlone(composeAlone(config, openLog(config)));
