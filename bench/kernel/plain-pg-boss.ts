import { PgBoss } from 'pg-boss';

const QUEUE = 'plain';
const COUNT = 2000;

/**
 * Empty tasks a second of pg-boss alone, as one would use it: so many loops that fetch one task, and complete it with its
 * result. No job, no progress, no event, no key, no fence.
 *
 * @param databaseUrl of a database in which it makes a schema of its own
 */
export async function plainRate(databaseUrl: string, loops: number): Promise<number> {
  const boss = new PgBoss({
    connectionString: databaseUrl,
    schema: 'plain',
    max: 10,
    schedule: false,
    supervise: false,
  });
  boss.on('error', (error) => {
    throw error;
  });
  await boss.start();
  try {
    await boss.createQueue(QUEUE);
    await boss.insert(
      QUEUE,
      Array.from({ length: COUNT }, (_each, place) => ({ data: { place } })),
    );
    const loop = async () => {
      for (;;) {
        const [task] = await boss.fetch<{ place: number }>(QUEUE);
        if (task === undefined) return;
        await boss.complete(QUEUE, task.id, { result: task.data.place });
      }
    };
    const begun = performance.now();
    await Promise.all(Array.from({ length: loops }, loop));
    return COUNT / ((performance.now() - begun) / 1000);
  } finally {
    await boss.deleteQueue(QUEUE);
    await boss.stop({ graceful: false });
  }
}
