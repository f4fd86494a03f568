-- Why a page is what it is, and what was odd about a PDF, for programs as well: a code and the values that the words name, from
-- which the web app makes sentences in the language of its user.
-- Locks: chapters and novels are rewritten once without their texts, which stay where they are (some 2 s for 100,000 chapters).

-- NULL: an older server wrote words that are none of those below. They are shown as they are.
ALTER TABLE chapters
  ADD COLUMN page_class_reason_code   text,
  ADD COLUMN page_class_reason_params jsonb NOT NULL DEFAULT '{}';

WITH forms (code, pattern, names) AS (
  VALUES ('page.marked', '^the publisher marks it as "(.*)"$', '{type}'::text[]),
         ('page.called', '^the landmarks or the guide call it "(.*)"$', '{type}'),
         ('page.titled', '^its title is "(.*)"$', '{title}'),
         ('page.file_named', '^its file is named (.*)$', '{file}'),
         ('page.divider_titled', '^its title is "(.*)" and it has (\d+) words$', '{title,count}'),
         ('page.links', '^(\d+) % of it are links into the book \((\d+) of them\)$', '{percent,count}'),
         ('page.wording', '^it is worded like an imprint or advert \((\d+) signs in (\d+) words\)$', '{count,words}'),
         ('page.short', '^it has only (\d+) words and no title of a chapter$', '{count}'),
         ('page.short_in_front', '^it has only (\d+) words and no title of a chapter, among the first pages$', '{count}'),
         ('page.prologue', '^a prologue or epilogue of (\d+) words is always text$', '{count}'),
         ('page.nothing_against', '^nothing speaks against it being text$', '{}'),
         ('page.only_text', '^no page of the book would be text otherwise$', '{}')
)
UPDATE chapters c
   SET page_class_reason_code = f.code,
       page_class_reason_params = (
         SELECT COALESCE(jsonb_object_agg(p.name, CASE WHEN p.name IN ('count', 'percent', 'words')
                                                       THEN to_jsonb(p.value::int)
                                                       ELSE to_jsonb(p.value) END), '{}')
           FROM unnest(f.names, regexp_match(c.page_class_reason, f.pattern)) AS p (name, value)
          WHERE p.name IS NOT NULL)
  FROM forms f
 WHERE c.page_class_reason ~ f.pattern;

-- The verdict is written once; so are its reasons in whatever form.
DROP TRIGGER chapters_written_once ON chapters;
CREATE TRIGGER chapters_written_once
  BEFORE UPDATE OF content, notes, text, text_hash, page_class, page_class_reason, page_class_reason_code,
                   page_class_reason_params ON chapters
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Were sentences alone. `pdf.odd`: one that none of the forms fits.
WITH forms (code, pattern, name) AS (
  VALUES ('outline.ignored', '^The outline lists (\d+) pages, not chapters\.$', 'count'),
         ('chapters.headings', '^Without an outline, (\d+) chapters were found by their headings\.$', 'count'),
         ('pdf.pages_without_text', '^Only pictures, no text: pages (.*)\. If they are scans, ', 'pages'),
         ('warnings.more', '^Further warnings are not listed\.$', NULL)
)
UPDATE novels n
   SET warnings = (
         SELECT jsonb_agg(jsonb_build_object('code', COALESCE(f.code, 'pdf.odd'), 'message', w.message)
                          || CASE f.name
                               WHEN 'count' THEN jsonb_build_object('params', jsonb_build_object('count',
                                                   (regexp_match(w.message, f.pattern))[1]::int))
                               WHEN 'pages' THEN jsonb_build_object('params', jsonb_build_object('pages',
                                                   (regexp_match(w.message, f.pattern))[1]))
                               ELSE '{}'
                             END
                          ORDER BY w.place)
           FROM jsonb_array_elements_text(n.warnings) WITH ORDINALITY AS w (message, place)
           LEFT JOIN forms f ON w.message ~ f.pattern)
 WHERE n.warnings <> '[]';
