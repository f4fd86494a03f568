import { fork } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';

import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';

import { removeAbandonedClusters, startTestCluster } from './test-cluster.ts';

async function selectOne(connectionString: string): Promise<unknown> {
  const client = new Client({ connectionString });
  await client.connect();
  const { rows } = await client.query('SELECT 1 AS one');
  await client.end();
  return rows;
}

test('a cluster of a test can be killed, started again with its data, and removed', async () => {
  const first = await startTestCluster();
  onTestFinished(() => first.remove());
  await first.kill();
  // Its children hold the socket for a moment longer, until they see that it is gone: one that gets in is cut off.
  await expect(selectOne(first.connectionString)).rejects.toThrow(/ECONN(REFUSED|RESET)/u);
  const second = await startTestCluster({ folder: first.folder });
  expect(second.connectionString).toBe(first.connectionString);
  expect(await selectOne(second.connectionString)).toEqual([{ one: 1 }]);
  await second.remove();
  await expect(stat(first.folder)).rejects.toThrow('ENOENT');
});

test('what a killed run left behind is removed by the next one, which leaves running ones alone', async () => {
  const mine = await startTestCluster();
  onTestFinished(() => mine.remove());
  const program = fork(new URL('./test-cluster-owner.ts', import.meta.url), { execArgv: [] });
  const [folder] = await once(program, 'message');
  const ended = once(program, 'exit');
  program.kill('SIGKILL');
  await ended;
  await removeAbandonedClusters(Date.now() + 3_600_000);
  await expect(stat(folder)).rejects.toThrow('ENOENT');
  expect(await selectOne(mine.connectionString)).toEqual([{ one: 1 }]);
});
