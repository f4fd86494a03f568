import { stripVTControlCharacters } from 'node:util';
import { jobSchema, type Job } from '@scriptorium/contract';
import { describe, expect, it } from 'vitest';
import { widthOf } from '../terminal/text.ts';
import { jobLines } from './job-lines.ts';
import { jobTable } from './job-table.ts';
import { verdictOf } from './show-job.ts';

function job(changes: Partial<Job>): Job {
  return jobSchema.parse({
    id: 12,
    pipeline: 'books',
    subject: 'book:3',
    status: 'processing',
    progress_percent: 42,
    current_step: 'Looking for descriptions',
    total_chunks: 38,
    processed_chunks: 15,
    failed_chunks: [],
    chunk_results: [],
    gaps: [],
    error: null,
    retry_of: null,
    retry_count: 0,
    max_retries: 3,
    is_cancelled: false,
    cancelled_at: null,
    cancelled_by: null,
    waiting_for: null,
    task_id: null,
    processing_time_seconds: 1,
    llm_calls: 0,
    tokens_used: 0,
    gemini_api_calls: 0,
    gemini_tokens_used: 0,
    last_heartbeat_at: null,
    created_at: '2026-11-22T12:00:00.000Z',
    started_at: null,
    finished_at: null,
    ...changes,
  });
}

const LONG = 'Глава четвёртая, в которой очень долго ничего не происходит '.repeat(4);

describe('the lines of a job', () => {
  it('have one for each chapter that is worked at, and none is wider than 80 columns', () => {
    const lines = jobLines(
      job({
        current_step: LONG,
        chunk_results: [
          { index: 0, status: 'done', label: 'Chapter 1: done' },
          { index: 1, status: 'active', label: `Chapter 2: ${LONG}`, progress: 0.5, step: LONG },
          { index: 2, status: 'active', label: '紅楼夢'.repeat(20), progress: 1 },
          { index: 3, status: 'waiting', label: 'Chapter 4: waiting' },
        ],
      }),
    );
    expect(lines).toHaveLength(4);
    expect(lines[1]).toContain('Chapter 2');
    expect(lines[3]).toContain('15 of 38 chapters · job 12');
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(80);
  });

  it('say what a job waits for', () => {
    const waiting = { reason: "the model's limit", until: null };
    expect(jobLines(job({ waiting_for: waiting }))[0]).toContain("waiting for the model's limit");
  });
});

describe('the table of jobs', () => {
  it('is aligned and never wider than 80 columns', () => {
    const rows = jobTable([
      job({}),
      job({ id: 123_456, status: 'failed', error: { code: 'x.y', message: LONG } }),
    ]);
    for (const row of rows) expect(widthOf(row)).toBeLessThanOrEqual(80);
    const at = rows.map((row) => /book|on /u.exec(stripVTControlCharacters(row))?.index);
    expect(new Set(at).size).toBe(1);
  });
});

describe('the verdict on a job', () => {
  it('calls a job with gaps completed, and says what is missing', () => {
    const gap = { index: 1, code: 'work.failed', message: 'no' };
    expect(verdictOf(job({ status: 'completed', gaps: [gap] }))).toContain('1 chapter of 38');
    expect(verdictOf(job({ status: 'completed' }))).toContain('nothing is missing');
    const error = { code: 'plan.failed', message: 'The document is gone.' };
    expect(verdictOf(job({ status: 'failed', error }))).toContain(
      'The document is gone. [plan.failed]',
    );
  });
});
