import { expect, test } from 'vitest';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';
import { listWorkers } from './workers.ts';

test('a worker that died is listed for a day and then swept; one that lives stays', async () => {
  const under = await kernelForTest({ pipelines: [toyPipeline()], time: 'driven' });
  const { kernel, pool, elapse } = under;
  const worker = await under.work(1);
  const other = await under.another();
  await other.work(1);
  await other.kill();
  await pool.query(
    `UPDATE kernel.workers SET last_beat_at = last_beat_at - interval '23 hours' WHERE id <> $1`,
    [worker.id],
  );
  await kernel.sweep();
  expect(await listWorkers(pool)).toHaveLength(2);
  await pool.query(
    `UPDATE kernel.workers SET last_beat_at = last_beat_at - interval '2 hours' WHERE id <> $1`,
    [worker.id],
  );
  await elapse(1);
  await kernel.sweep();
  expect(await listWorkers(pool)).toMatchObject([{ id: worker.id }]);
});

test('a kernel that is stopped twice has stopped', async () => {
  const under = await kernelForTest({ pipelines: [toyPipeline()] });
  const { kernel } = await under.another();
  await Promise.all([kernel.stop(), kernel.stop()]);
  await expect(kernel.stop()).resolves.toBeUndefined();
});
