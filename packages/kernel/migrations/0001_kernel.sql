-- The kernel's tables: jobs, works, chunks, attempts, memos, events, workers.
-- Locks: creates only, so none on existing data.
--
-- One lock order everywhere, or a cancel in the middle of a fan-out deadlocks:
-- job, then works (by id) and chunks (by index), then accounts (by id), then queue rows.

CREATE SCHEMA kernel;

-- What a user asked for. No job ever leaves a terminal status; retry makes a new job.
CREATE TABLE kernel.jobs (
  id                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Drawn by the caller before the first try: a submit that is run again after a lost connection finds its own row.
  submission         uuid NOT NULL UNIQUE,
  owner_id           bigint NOT NULL,
  pipeline           text NOT NULL,
  recipe_version     int NOT NULL,
  scope              text NOT NULL,
  generation         int NOT NULL DEFAULT 0,
  subject            text,
  input              jsonb NOT NULL,
  class              text NOT NULL CHECK (class IN ('bulk', 'preload', 'interactive', 'waiting')),
  is_premium         boolean NOT NULL DEFAULT false,
  parallel           int NOT NULL CHECK (parallel > 0),
  soft_limit_seconds int NOT NULL CHECK (soft_limit_seconds > 0),
  hard_limit_seconds int NOT NULL CHECK (hard_limit_seconds >= soft_limit_seconds),
  status             text NOT NULL CHECK (status IN ('pending', 'processing', 'completed', 'failed', 'cancelled')),
  stage              text NOT NULL CHECK (stage IN ('plan', 'chunks', 'merge', 'ended')),
  progress_percent   int NOT NULL DEFAULT 0 CHECK (progress_percent BETWEEN 0 AND 100),
  current_step       text,
  total_chunks       int NOT NULL DEFAULT 0,
  done_chunks        int NOT NULL DEFAULT 0,
  failed_chunks      int NOT NULL DEFAULT 0,
  skipped_chunks     int NOT NULL DEFAULT 0,
  plan_work_id       bigint,
  merge_work_id      bigint,
  gaps               jsonb NOT NULL DEFAULT '[]',
  output             jsonb,
  error              jsonb,
  retry_of           bigint REFERENCES kernel.jobs (id) ON DELETE SET NULL,
  retry_count        int NOT NULL DEFAULT 0,
  llm_calls          int NOT NULL DEFAULT 0,
  tokens_used        bigint NOT NULL DEFAULT 0,
  -- Only time in which one of its works was running counts against the limits.
  active_seconds     double precision NOT NULL DEFAULT 0,
  soft_limit_hit_at  timestamptz,
  last_heartbeat_at  timestamptz,
  last_seq           bigint NOT NULL DEFAULT 0,
  created_at         timestamptz NOT NULL,
  started_at         timestamptz,
  finished_at        timestamptz,
  cancelled_at       timestamptz,
  cancelled_by       bigint,
  CHECK ((status IN ('completed', 'failed', 'cancelled')) = (finished_at IS NOT NULL)),
  CHECK ((status IN ('completed', 'failed', 'cancelled')) = (stage = 'ended')),
  CHECK ((status = 'completed') = (progress_percent = 100)),
  CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL)),
  CHECK (done_chunks + failed_chunks + skipped_chunks <= total_chunks)
);
CREATE INDEX jobs_by_owner ON kernel.jobs (owner_id, id DESC);
CREATE INDEX jobs_by_subject ON kernel.jobs (subject, id DESC) WHERE subject IS NOT NULL;
CREATE INDEX jobs_open ON kernel.jobs (id) WHERE finished_at IS NULL;

-- The unit of execution. One row a key, so there is never a second one in flight:
-- whoever wants the same result joins this row instead of paying twice.
CREATE TABLE kernel.works (
  id                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key                text NOT NULL UNIQUE,
  kind               text NOT NULL CHECK (kind IN ('plan', 'chunk', 'merge')),
  pipeline           text NOT NULL,
  recipe_version     int NOT NULL,
  input              jsonb NOT NULL,
  timeout_seconds    int NOT NULL,
  status             text NOT NULL DEFAULT 'idle'
                     CHECK (status IN ('idle', 'queued', 'running', 'done', 'failed', 'quarantined')),
  -- On whose behalf it was put into the queue: who is served first, and whose row the record locks first.
  job_id             bigint NOT NULL,
  owner_id           bigint NOT NULL,
  priority           int NOT NULL DEFAULT 0,
  -- The fence. Kept after the end: a record that is run again after a lost connection recognises itself.
  task_id            uuid,
  delivery           int NOT NULL DEFAULT 0,
  worker_id          uuid,
  progress           real NOT NULL DEFAULT 0,
  step               text,
  -- These three only grow.
  attempts           int NOT NULL DEFAULT 0,
  failures           int NOT NULL DEFAULT 0,
  crashes            int NOT NULL DEFAULT 0,
  -- These two count towards a verdict and start anew whenever somebody wants the work again.
  failure_streak     int NOT NULL DEFAULT 0,
  alone_crash_streak int NOT NULL DEFAULT 0,
  is_alone           boolean NOT NULL DEFAULT false,
  not_before         timestamptz,
  waiting_for        text,
  result             jsonb,
  result_blob        text,
  error              jsonb,
  llm_calls          int NOT NULL DEFAULT 0,
  tokens_used        bigint NOT NULL DEFAULT 0,
  created_at         timestamptz NOT NULL,
  claimed_at         timestamptz,
  finished_at        timestamptz,
  CHECK (status NOT IN ('queued', 'running') OR task_id IS NOT NULL),
  CHECK ((status IN ('done', 'failed', 'quarantined')) = (finished_at IS NOT NULL))
);
CREATE INDEX works_in_queue ON kernel.works (pipeline, recipe_version, priority DESC) WHERE status = 'queued';
CREATE INDEX works_live ON kernel.works (id) WHERE status IN ('queued', 'running');

-- A job's part. Open (waiting, active) or settled (done, failed, skipped).
CREATE TABLE kernel.chunks (
  job_id     bigint NOT NULL REFERENCES kernel.jobs (id) ON DELETE CASCADE,
  index      int NOT NULL,
  work_id    bigint NOT NULL REFERENCES kernel.works (id),
  label      text,
  status     text NOT NULL CHECK (status IN ('waiting', 'active', 'done', 'failed', 'skipped')),
  is_reused  boolean NOT NULL DEFAULT false,
  error      jsonb,
  settled_at timestamptz,
  PRIMARY KEY (job_id, index),
  CHECK ((status IN ('done', 'failed', 'skipped')) = (settled_at IS NOT NULL))
);
CREATE INDEX chunks_by_work ON kernel.chunks (work_id);
CREATE INDEX chunks_open ON kernel.chunks (job_id, index) WHERE settled_at IS NULL;

-- Every run of a work, for the timeline and for proof.
CREATE TABLE kernel.attempts (
  work_id    bigint NOT NULL REFERENCES kernel.works (id) ON DELETE CASCADE,
  task_id    uuid NOT NULL,
  delivery   int NOT NULL,
  worker_id  uuid NOT NULL,
  is_alone   boolean NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at   timestamptz,
  outcome    text CHECK (outcome IN ('done', 'retry', 'failed', 'crashed', 'given_back', 'let_go', 'quarantined')),
  error      jsonb,
  PRIMARY KEY (work_id, task_id, delivery),
  CHECK ((outcome IS NULL) = (ended_at IS NULL))
);
CREATE INDEX attempts_open ON kernel.attempts (work_id) WHERE ended_at IS NULL;

-- The result of one expensive call inside a work: a crash loses only calls in flight.
CREATE TABLE kernel.memos (
  work_id    bigint NOT NULL REFERENCES kernel.works (id) ON DELETE CASCADE,
  key        text NOT NULL,
  value      jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (work_id, key)
);

-- The event log. `seq` is allocated under the job row's lock, so it has no gaps and no reordering.
CREATE TABLE kernel.events (
  job_id bigint NOT NULL REFERENCES kernel.jobs (id) ON DELETE CASCADE,
  seq    bigint NOT NULL,
  type   text NOT NULL,
  at     timestamptz NOT NULL,
  data   jsonb NOT NULL,
  PRIMARY KEY (job_id, seq)
);

-- Who is at work. A row per process start, so a reused host name or pid confuses nobody.
CREATE TABLE kernel.workers (
  id           uuid PRIMARY KEY,
  name         text NOT NULL,
  host         text NOT NULL,
  pid          int NOT NULL,
  slots        int NOT NULL,
  running      jsonb NOT NULL DEFAULT '[]',
  started_at   timestamptz NOT NULL,
  last_beat_at timestamptz NOT NULL,
  stopped_at   timestamptz
);
