import { openPool } from '@scriptorium/postgres';
import { done, failed, serveAlone } from '../index.ts';
import { silent } from './test-log.ts';
import { toyPipeline } from './toy-pipeline.ts';

/** The child in which suspect words run: some of them bring it down, each in its own way. */
serveAlone({
  pool: openPool(process.env['TEST_DATABASE'] ?? '', { log: silent, applicationName: 'alone' }),
  log: silent,
  pipelines: [
    toyPipeline({
      run: async ({ word }, ctx) => {
        switch (word) {
          case 'exit':
            return process.exit(3);
          case 'kill':
            process.kill(process.pid, 'SIGKILL');
            break;
          case 'hang':
            ctx.report(0.1, 'Hanging');
            await new Promise((resolve) => setTimeout(resolve, 60_000));
            break;
          case 'spin':
            ctx.report(0.1, String(process.pid));
            // Sent by the next turn of a loop that comes never again.
            await new Promise((resolve) => setTimeout(resolve, 50));
            for (const end = Date.now() + 60_000; Date.now() < end;);
            break;
          case 'throw':
            throw Object.assign(new Error('The model is out.'), { code: 'llm.unavailable' });
          case 'refuse':
            return failed('toy.unreadable', 'It cannot be read.');
          case 'babble':
            process.send?.({ type: 'report', fraction: 'half' });
            process.send?.('hello');
            ctx.report(Number.NaN, 'Half of \ud83d');
            ctx.usage({ calls: 1, tokens: 20 });
            break;
          default:
        }
        return done(word.toUpperCase());
      },
    }),
  ],
});
