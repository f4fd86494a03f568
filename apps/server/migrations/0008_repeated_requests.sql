-- What all servers have to know of requests: how many there were, and what was answered to one that comes again.
-- Locks: new tables only; the index reads kernel.works once while writes to it wait (well under a second for 100,000 rows).

-- Counters of the library rate-limiter-flexible, which knows a table of this form only. `expire`: milliseconds since 1970.
CREATE TABLE rate_limits (
  key    varchar(255) PRIMARY KEY,
  points integer NOT NULL DEFAULT 0,
  expire bigint
);

-- A request that names itself (Idempotency-Key), from its arrival until a day later.
CREATE TABLE idempotent_requests (
  -- A hash of the user, the method, the path and the key.
  id           bytea       PRIMARY KEY CHECK (octet_length(id) = 32),
  user_id      bigint      NOT NULL REFERENCES users ON DELETE CASCADE,
  -- Who is answering it; drawn anew by whoever takes it over from a server that died.
  claim        uuid        NOT NULL,
  leased_until timestamptz NOT NULL,
  -- NULL while it is being answered. Sealed under the key, which is not here: an answer can show an API key or a one-time link, of
  -- which everything else in this database has hashes alone.
  answer       bytea,
  expires_at   timestamptz NOT NULL
);
CREATE INDEX idempotent_requests_user ON idempotent_requests (user_id);
CREATE INDEX idempotent_requests_expiry ON idempotent_requests (expires_at);

-- Administrators look for them; without this, each look would read all works.
CREATE INDEX works_quarantined ON kernel.works (finished_at) WHERE status = 'quarantined';
