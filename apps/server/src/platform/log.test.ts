import { describe, expect, it } from 'vitest';
import { openLog, type Log } from './log.ts';

function written(logFormat: 'json' | 'pretty', write: (log: Log) => void): string {
  const lines: string[] = [];
  const log = openLog({ logLevel: 'info', logFormat }, { write: (line) => void lines.push(line) });
  write(log);
  return lines.join('');
}

describe('the log', () => {
  it('hides secrets wherever they are, and nothing else', () => {
    const text = written('json', (log) =>
      log.info(
        {
          password: 'S1',
          user: { token: 'S2', name: 'Ada' },
          request: { headers: { authorization: 'S3', cookie: 'S4', 'x-api-key': 'S5' } },
          answer: { 'set-cookie': ['S6'], session: { refresh_token: 'S7', ids: { key: 'S8' } } },
        },
        'signed in',
      ),
    );
    expect(text).not.toMatch(/S\d/u);
    expect(JSON.parse(text)).toMatchObject({
      level: 'info',
      msg: 'signed in',
      user: { name: 'Ada', token: '[hidden]' },
    });
  });

  it('says of an error what it is and where it came from, and leaves out what drivers hang on it', () => {
    const cause = new Error('the cable');
    const error = Object.assign(new Error('not stored', { cause }), { code: '23505', row: 'S1' });
    const text = written('json', (log) => log.error({ err: error }, 'failed'));
    expect(JSON.parse(text)).toMatchObject({ err: { message: expect.any(String), code: '23505' } });
    expect(text).toContain('caused by: Error: the cable');
    expect(text).not.toContain('S1');
  });

  it('is one readable line a message in a terminal, with the stack of an error below', () => {
    const text = written('pretty', (log) => {
      log.info({ job: 12, title: 'The Sea' }, 'job started');
      log.error({ err: new Error('broken') }, 'job failed');
    });
    const [first, second, third] = text.split('\n');
    expect(first).toMatch(/^\d\d:\d\d:\d\d .*info.* job started .*job=12 title="The Sea"/u);
    expect(second).toContain('job failed');
    expect(third).toBe('Error: broken');
  });

  it('cannot be made to steer the terminal of whoever reads it', () => {
    const text = written('pretty', (log) =>
      log.info({ title: '\u001B[2Jx\u0007y' }, 'title \u001B]0;owned\u0007 \u001B[2J'),
    );
    expect(text).toContain('title');
    for (const control of ['\u001B[2J', '\u001B]0', '\u0007']) expect(text).not.toContain(control);
  });
});
