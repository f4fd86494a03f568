-- People, their sessions and keys. New tables only: nothing is locked.
-- Tokens of every kind are stored as sha256 hashes: they are 256 random bits, so a slow hash would protect nothing more.

CREATE TABLE users (
  id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email         text        NOT NULL UNIQUE CHECK (email = lower(email)),
  password_hash text        NOT NULL,
  role          text        NOT NULL CHECK (role IN ('owner', 'admin', 'premium', 'member')),
  disabled_at   timestamptz,
  created_at    timestamptz NOT NULL DEFAULT now()
);

-- An installation has one owner, however many servers start at the same time.
CREATE UNIQUE INDEX users_one_owner ON users (role) WHERE role = 'owner';

-- A session is a family of refresh tokens, each of which replaces the one before. It ends for all of them at once.
CREATE TABLE sessions (
  id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id        bigint      NOT NULL REFERENCES users ON DELETE CASCADE,
  created_at     timestamptz NOT NULL DEFAULT now(),
  revoked_at     timestamptz,
  revoked_reason text        CHECK (revoked_reason IN ('logout', 'reuse')),
  CHECK ((revoked_at IS NULL) = (revoked_reason IS NULL))
);
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE refresh_tokens (
  token_hash bytea       PRIMARY KEY,
  session_id bigint      NOT NULL REFERENCES sessions ON DELETE CASCADE,
  expires_at timestamptz NOT NULL,
  used_at    timestamptz
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);

CREATE TABLE api_keys (
  id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id      bigint      NOT NULL REFERENCES users ON DELETE CASCADE,
  name         text        NOT NULL,
  prefix       text        NOT NULL,
  key_hash     bytea       NOT NULL UNIQUE,
  scopes       text[]      NOT NULL CHECK (scopes <@ ARRAY['read', 'write'] AND cardinality(scopes) > 0),
  created_at   timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz,
  revoked_at   timestamptz
);
CREATE INDEX api_keys_user ON api_keys (user_id);

-- Keys that all servers of an installation share, made by the first one.
CREATE TABLE secrets (
  name       text        PRIMARY KEY,
  value      bytea       NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- The one-time links that make somebody the owner.
CREATE TABLE claim_tokens (
  token_hash bytea       PRIMARY KEY,
  expires_at timestamptz NOT NULL
);

-- One-time tickets for readers of an event stream that cannot send headers. The job is a row of the kernel's.
CREATE TABLE stream_tickets (
  token_hash bytea       PRIMARY KEY,
  user_id    bigint      NOT NULL REFERENCES users ON DELETE CASCADE,
  job_id     bigint      NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX stream_tickets_user ON stream_tickets (user_id);

-- Attempts to sign in within a window, counted before the password is looked at. The counter of all servers.
CREATE TABLE login_attempts (
  key        text        PRIMARY KEY,
  attempts   integer     NOT NULL CHECK (attempts >= 0),
  expires_at timestamptz NOT NULL
);
CREATE INDEX login_attempts_expiry ON login_attempts (expires_at);
