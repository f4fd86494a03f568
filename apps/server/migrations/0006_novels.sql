-- Novels: PDFs as they were read at their upload, and what people wrote over their shortened sentences. New tables only.

CREATE TABLE novels (
  id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner_id       bigint      NOT NULL REFERENCES users ON DELETE CASCADE,
  -- Of the file as handed in: how a second upload is recognised, and what the keys of all work on it begin with.
  sha256         text        NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  file_name      text        NOT NULL,
  file_bytes     bigint      NOT NULL,
  -- The original, a file of the kernel's.
  artifact_id    uuid        NOT NULL,
  title          text        NOT NULL,
  author         text,
  language       text,
  page_count     integer     NOT NULL CHECK (page_count > 0),
  words          integer     NOT NULL CHECK (words >= 0),
  sentence_count integer     NOT NULL CHECK (sentence_count >= 0),
  chapters       jsonb       NOT NULL,
  warnings       jsonb       NOT NULL,
  -- Which reader made the sentences: their numbers hold for it alone.
  reader_version integer     NOT NULL,
  created_at     timestamptz NOT NULL DEFAULT now(),
  UNIQUE (owner_id, sha256)
);
CREATE INDEX novels_by_owner ON novels (owner_id, id DESC);

-- The sentences of a page are those that begin on it, so every sentence has one page, and a window of pages is a range of
-- rows: nobody reads a whole novel to shorten fifteen pages of it.
CREATE TABLE novel_pages (
  novel_id       bigint  NOT NULL REFERENCES novels ON DELETE CASCADE,
  number         integer NOT NULL CHECK (number > 0),
  -- Numbers of its first and last sentence; empty pages have none.
  first_sentence integer,
  last_sentence  integer,
  -- [{id, text, starts: paragraph | heading}]
  sentences      jsonb   NOT NULL,
  PRIMARY KEY (novel_id, number),
  CHECK ((first_sentence IS NULL) = (last_sentence IS NULL))
);

-- What a person wrote instead of an engine. It belongs to the novel and the limit, not to a job: a redo keeps it.
CREATE TABLE novel_edits (
  novel_id    bigint      NOT NULL REFERENCES novels ON DELETE CASCADE,
  max_words   integer     NOT NULL,
  sentence_id integer     NOT NULL CHECK (sentence_id > 0),
  sentences   jsonb       NOT NULL,
  edited_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (novel_id, max_words, sentence_id)
);
