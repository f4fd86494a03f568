-- Limits that all processes share: counters of fixed windows, and pauses of providers of models.
-- Locks: creates only, so none on existing data.

-- Counters of the library rate-limiter-flexible, which knows a table of this form only. `expire`: milliseconds since 1970.
CREATE TABLE kernel.rate_limits (
  key    varchar(255) PRIMARY KEY,
  points integer NOT NULL DEFAULT 0,
  expire bigint
);

-- A provider that has refused a call is not called by anybody until then.
CREATE TABLE kernel.provider_pauses (
  provider text PRIMARY KEY,
  ends_at  timestamptz NOT NULL,
  reason   text NOT NULL
);
