import { saidParams } from '@scriptorium/contract';
import { expect, test } from 'vitest';
import { codeOfNote, codeOfPart, codeOfStep, codeOfWait } from './recognise.ts';

test.each([
  ['a free place', { code: 'wait.place' }],
  ['room on the disk', { code: 'wait.disk' }],
  [
    'another try after llm.timeout: No answer: none.',
    { code: 'wait.retry', params: { why: 'llm.timeout', error: 'No answer: none.' } },
  ],
  [
    'google/gemini-2.5-flash has reached its limit; next try in 30 s.',
    { code: 'wait.model_limit', params: { model: 'google/gemini-2.5-flash' } },
  ],
  [
    "No call is made now: google's budget of 10 requests a minute; next try in 11 s.",
    { code: 'wait.budget_requests', params: { model: 'google', limit: 10 } },
  ],
  ['the moon', undefined],
])('a job that waits for “%s” says so for programs', (reason, coded) => {
  expect(codeOfWait(reason)).toEqual(coded);
});

test('parts, steps and notes are told apart, and what a pipeline says otherwise is left as it is', () => {
  expect(codeOfPart('Chapter 4: Two: and more')).toEqual({
    code: 'part.chapter',
    params: { number: 4, title: 'Two: and more' },
  });
  expect(codeOfPart('Pages 61–75')).toEqual({ code: 'part.pages', params: { from: 61, to: 75 } });
  expect(codeOfPart('Slide 3')).toBeUndefined();
  expect(codeOfStep('Looking for descriptions')).toEqual({ code: 'step.describing' });
  expect(codeOfNote('invented name: Anna, Boris')).toEqual({
    code: 'note.invented_name',
    params: { words: 'Anna, Boris' },
  });
});

test('every code that is recognised is one of the contract, with its values', () => {
  const known = { ...saidParams.waits, ...saidParams.parts };
  const coded = [codeOfWait('its time'), codeOfPart('Page 1'), codeOfNote('no answer')];
  for (const each of coded) expect(Object.keys(known)).toContain(each?.code);
});
