import { expect, test } from 'vitest';
import { done, failed } from '../index.ts';
import { submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';

const NUL = '\u0000';
/** What is left of an emoji that was cut in two. */
const HALF = '\ud83d';

test('nonsense that one part reports harms neither it nor the parts beside it', async () => {
  const stage = createStage();
  const under = await kernelForTest({
    pipelines: [toyPipeline({ run: stage.run })],
    time: 'driven',
  });
  const { kernel } = under;
  await under.another();
  await under.work(2);
  const job = await submitWords(kernel, ['odd', 'innocent']);
  const odd = await stage.call('odd');
  const innocent = await stage.call('innocent');
  odd.ctx.report(0 / 0, `Page ${NUL}${HALF}`);
  odd.ctx.usage({ calls: 1, tokens: 2.5 });
  odd.ctx.usage({ calls: Number.NaN, tokens: Number.POSITIVE_INFINITY });
  innocent.ctx.report(0.5);
  await under.elapse(15);
  expect(under.log.lines.filter((line) => line.level !== 'info')).toEqual([]);
  expect(await kernel.job(job.id, 1)).toMatchObject({
    current_step: 'Page \ufffd\ufffd',
    progress_percent: 30,
    active_seconds: expect.closeTo(15, 0),
  });
  expect((await kernel.workers())[0]).toMatchObject({ lastBeatAt: under.now() });
  odd.end(failed('toy.odd', `It says ${NUL}${HALF}.`));
  innocent.end(done('FINE'));
  await watchToEnd(kernel, job.id);
  expect(stage.begun.toSorted()).toEqual(['innocent', 'odd']);
  expect(await kernel.job(job.id, 1)).toMatchObject({
    status: 'completed',
    gaps: [{ index: 0, code: 'toy.odd', message: 'It says \ufffd\ufffd.' }],
    llm_calls: 1,
    tokens_used: 3,
  });
});
