-- Credits: a ledger of double entry, holds, charges, and what models were used for.
-- Locks: the new columns of kernel.jobs and kernel.chunks have constant defaults, so neither table is rewritten.
--
-- All amounts are thousandths of a credit (millicredits): one token of a model whose factor is 1.

-- Where credits are. `issued` is what was ever granted (so it falls below zero), `revenue` what was spent.
CREATE TABLE kernel.accounts (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind     text NOT NULL CHECK (kind IN ('available', 'held', 'issued', 'revenue')),
  owner_id bigint,
  balance  bigint NOT NULL DEFAULT 0,
  UNIQUE NULLS NOT DISTINCT (owner_id, kind),
  CHECK ((kind IN ('available', 'held')) = (owner_id IS NOT NULL)),
  CHECK (owner_id IS NULL OR balance >= 0)
);

-- Credits that moved: what leaves one account arrives in the other, in one row, so all accounts together are always zero.
CREATE TABLE kernel.entries (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Of a grant, drawn by its giver before the first try: a grant that is repeated finds its own row.
  reference       uuid UNIQUE,
  kind            text NOT NULL CHECK (kind IN ('grant', 'hold', 'settle', 'release')),
  from_account    bigint NOT NULL REFERENCES kernel.accounts (id),
  to_account      bigint NOT NULL REFERENCES kernel.accounts (id),
  amount          bigint NOT NULL,
  owner_id        bigint NOT NULL,
  -- A plain number: a job is confirmed before it exists, and what it cost stays a fact when it is deleted.
  job_id          bigint,
  made_by         bigint,
  note            text,
  at              timestamptz NOT NULL,
  available_after bigint NOT NULL,
  held_after      bigint NOT NULL,
  CHECK (from_account <> to_account),
  -- A settlement of nothing is written, too: that is how each hold has exactly one.
  CHECK (amount > 0 OR (amount = 0 AND kind = 'settle')),
  CHECK ((kind = 'grant') = (job_id IS NULL)),
  CHECK ((kind = 'grant') = (reference IS NOT NULL))
);
CREATE INDEX entries_by_owner ON kernel.entries (owner_id, id DESC);
-- A hold is made once, settled once and released once.
CREATE UNIQUE INDEX entries_once_a_job ON kernel.entries (job_id, kind) WHERE job_id IS NOT NULL;

-- The only way a balance changes. Accounts are locked by id, those of the owner together: the balances that an entry
-- remembers are those of its own moment.
CREATE FUNCTION kernel.post_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM kernel.accounts
    WHERE owner_id = NEW.owner_id
       OR id IN (NEW.from_account, NEW.to_account)
    ORDER BY id
      FOR UPDATE;
  UPDATE kernel.accounts
     SET balance = balance + CASE id WHEN NEW.to_account THEN NEW.amount ELSE -NEW.amount END
   WHERE id IN (NEW.from_account, NEW.to_account);
  SELECT sum(balance) FILTER (WHERE kind = 'available'), sum(balance) FILTER (WHERE kind = 'held')
    INTO NEW.available_after, NEW.held_after
    FROM kernel.accounts
   WHERE owner_id = NEW.owner_id;
  RETURN NEW;
END $$;
CREATE TRIGGER post BEFORE INSERT ON kernel.entries FOR EACH ROW EXECUTE FUNCTION kernel.post_entry();

CREATE FUNCTION kernel.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE 'A row of kernel.% is a fact: it is neither changed nor deleted (%).', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON kernel.entries
  FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

-- Depth 1 is a statement of somebody's own; depth 2 is one of the trigger above.
CREATE FUNCTION kernel.guard_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() < 2 AND NEW.balance <> (CASE TG_OP WHEN 'INSERT' THEN 0 ELSE OLD.balance END) THEN
    RAISE 'The balance of an account changes by an entry only.' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER balance BEFORE INSERT OR UPDATE OF balance ON kernel.accounts
  FOR EACH ROW EXECUTE FUNCTION kernel.guard_balance();

-- Credits set aside for a job: confirmed before it exists, or held as it is submitted.
CREATE TABLE kernel.holds (
  job_id     bigint PRIMARY KEY,
  owner_id   bigint NOT NULL,
  -- 0: confirmed, and free. There is nothing to move then, so it has no entries.
  amount     bigint NOT NULL CHECK (amount >= 0),
  charged    bigint NOT NULL DEFAULT 0 CHECK (charged BETWEEN 0 AND amount),
  created_at timestamptz NOT NULL,
  -- A confirmation ends unused at this moment.
  expires_at timestamptz NOT NULL,
  -- When its job came.
  adopted_at timestamptz,
  settled_at timestamptz,
  CHECK (adopted_at IS NOT NULL OR charged = 0)
);
CREATE INDEX holds_unused ON kernel.holds (expires_at) WHERE adopted_at IS NULL AND settled_at IS NULL;

-- What a result cost. The key is the work's: a stored result is charged once, whoever else shares it.
CREATE TABLE kernel.charges (
  work_id bigint PRIMARY KEY,
  job_id  bigint NOT NULL REFERENCES kernel.holds (job_id),
  amount  bigint NOT NULL CHECK (amount > 0),
  at      timestamptz NOT NULL
);
CREATE INDEX charges_by_job ON kernel.charges (job_id);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON kernel.charges
  FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

-- Calls of models, for receipts: facts, also of attempts that failed, were aborted or came too late.
CREATE TABLE kernel.usages (
  -- Drawn by whoever hands it on to be written: a transaction that is run again counts it once.
  id          uuid PRIMARY KEY,
  work_id     bigint NOT NULL,
  task_id     uuid NOT NULL,
  delivery    int NOT NULL,
  job_id      bigint NOT NULL,
  owner_id    bigint NOT NULL,
  model       text,
  calls       bigint NOT NULL CHECK (calls >= 0),
  tokens      bigint NOT NULL CHECK (tokens >= 0),
  -- Millionths of a US dollar; NULL where a price is not known.
  cost_micros bigint CHECK (cost_micros >= 0),
  at          timestamptz NOT NULL
);
CREATE INDEX usages_by_job ON kernel.usages (job_id);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON kernel.usages
  FOR EACH STATEMENT EXECUTE FUNCTION kernel.refuse_change();

-- Without a hold, nothing else of this is ever read for a job.
ALTER TABLE kernel.jobs ADD COLUMN has_hold boolean NOT NULL DEFAULT false;
-- The most that its result may cost; 0 for what is done offline.
ALTER TABLE kernel.chunks ADD COLUMN ceiling bigint NOT NULL DEFAULT 0 CHECK (ceiling >= 0);
