import { describe, expect, it } from 'vitest';
import { hashPassword, verifyNobody, verifyPassword } from './accounts.passwords.ts';

describe('passwords', () => {
  it('are recognised, and no other ones', async () => {
    const hash = await hashPassword('correct horse é');
    expect(await verifyPassword('correct horse é', hash)).toBe(true);
    expect(await verifyPassword('correct horse e', hash)).toBe(false);
    expect(await verifyPassword('', hash)).toBe(false);
  });

  it('are stored as argon2id with the parameters of OWASP, each with a salt of its own', async () => {
    const [one, two] = await Promise.all([hashPassword('same'), hashPassword('same')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/u);
    expect(one).not.toBe(two);
  });

  it('are checked with the parameters they were stored with', async () => {
    // From the reference implementation: echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 -l 32 -e
    const reference =
      '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await verifyPassword('password', reference)).toBe(true);
  });

  it('cost as much to check where there is no account', async () => {
    const hash = await hashPassword('known');
    await verifyNobody('warm up');
    const millisecondsOf = async (check: () => Promise<unknown>) => {
      const times: number[] = [];
      for (let run = 0; run < 5; run += 1) {
        const begun = performance.now();
        await check();
        times.push(performance.now() - begun);
      }
      return Math.min(...times);
    };
    const known = await millisecondsOf(() => verifyPassword('wrong', hash));
    const unknown = await millisecondsOf(() => verifyNobody('wrong'));
    // Without the decoy it would be a thousandth.
    expect(unknown).toBeGreaterThan(known / 4);
  });

  it('refuses to guess at a hash of another kind', async () => {
    await expect(verifyPassword('x', '$2b$12$abc')).rejects.toThrow('argon2id');
  });
});
