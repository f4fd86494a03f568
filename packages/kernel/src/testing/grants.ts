import { randomUUID } from 'node:crypto';
import type { Kernel } from '../index.ts';

/** Gives an owner credits, from an administrator of no importance. */
export async function grantForTest(kernel: Kernel, ownerId: number, amount: number): Promise<void> {
  const reference = randomUUID();
  await kernel.transaction((tx) =>
    kernel.credits.grant(tx, { ownerId, amount, by: 99, reference }),
  );
}
