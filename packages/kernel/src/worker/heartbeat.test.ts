import fc from 'fast-check';
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

const report = fc.record({
  part: fc.constantFrom('a', 'b', 'c'),
  fraction: fc.oneof(
    fc.double({ min: -1, max: 2, noNaN: false }),
    fc.constantFrom(0, 0.5, 1, Number.POSITIVE_INFINITY),
  ),
  step: fc.option(fc.string({ unit: 'binary', maxLength: 8 }), { nil: undefined }),
});

test('whatever parts report, in whatever order, no percentage falls and none is above what is done', async () => {
  const stage = createStage();
  const under = await kernelForTest({
    pipelines: [toyPipeline({ run: stage.run })],
    time: 'driven',
  });
  const { kernel } = under;
  await under.work(3);
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(report, { minLength: 1, maxLength: 6 }), async (reports) => {
      run += 1;
      const words = ['a', 'b', 'c'].map((part) => `${part}${run}`);
      const job = await submitWords(kernel, words);
      for (const { part, fraction, step } of reports) {
        (await stage.call(`${part}${run}`)).ctx.report(fraction, step);
        await under.elapse(1);
      }
      expect((await kernel.job(job.id, 1)).progress_percent).toBeLessThanOrEqual(75);
      for (const word of words) (await stage.call(word)).end(done(word));
      const events = await watchToEnd(kernel, job.id);
      const percents = events.map((event) => Number(event.data['progress_percent']));
      expect(percents).toEqual(percents.toSorted((x, y) => x - y));
      expect(percents.at(-1)).toBe(100);
    }),
    { numRuns: 12 },
  );
  expect(under.log.lines.filter((line) => line.level !== 'info')).toEqual([]);
});
