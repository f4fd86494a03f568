-- People besides the owner: invitations, one-time links for passwords, quotas, history, and when somebody was last seen.
-- Locks: the new columns of users and sessions have no default, so neither is rewritten. The CHECK that is exchanged and the two
-- indexes read their tables once while writes to them wait (well under a second for 100,000 chapters).

ALTER TABLE users
  -- NULL: the installation's.
  ADD COLUMN quota_bytes  bigint  CHECK (quota_bytes >= 0),
  -- Ended jobs are deleted after so many days. NULL: they are kept.
  ADD COLUMN history_days integer CHECK (history_days BETWEEN 1 AND 3650),
  -- To the minute. Here and not derived from sessions and keys: those are deleted.
  ADD COLUMN last_seen_at timestamptz;

ALTER TABLE sessions
  -- To the minute.
  ADD COLUMN last_used_at timestamptz,
  DROP CONSTRAINT sessions_revoked_reason_check,
  ADD CONSTRAINT sessions_revoked_reason_check CHECK (revoked_reason IN ('logout', 'reuse', 'ended', 'password', 'disabled'));

CREATE TABLE invitations (
  id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  token_hash   bytea       NOT NULL UNIQUE,
  -- Only this address may use it; NULL: whoever has the link.
  email        text        CHECK (email = lower(email)),
  role         text        NOT NULL CHECK (role IN ('admin', 'premium', 'member')),
  -- Granted when it is used.
  millicredits bigint      NOT NULL CHECK (millicredits >= 0),
  -- A plain number, as in the ledger: who invited stays a fact when that account is deleted.
  created_by   bigint      NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz NOT NULL,
  used_at      timestamptz,
  revoked_at   timestamptz,
  CHECK (used_at IS NULL OR revoked_at IS NULL)
);

-- One-time links with which somebody sets a new password. One a user: a new link makes the one before useless.
CREATE TABLE password_links (
  user_id    bigint      PRIMARY KEY REFERENCES users ON DELETE CASCADE,
  token_hash bytea       NOT NULL UNIQUE,
  expires_at timestamptz NOT NULL
);

-- Deleting a user looks for what names them; without these it would read all chapters.
CREATE INDEX chapters_by_corrector ON chapters (overridden_by) WHERE overridden_by IS NOT NULL;
CREATE INDEX chapter_revisions_by_creator ON chapter_revisions (created_by) WHERE created_by IS NOT NULL;
