import type { Pool } from 'pg';
import { TRANSITIONS } from '../states/transitions.ts';

/**
 * Makes the database of a test refuse whatever the kernel promises never to do: a transition that is not in the table, a
 * progress that falls, a counter that shrinks, an ended job that changes. Every test of the kernel is a test of these.
 */
export async function guardPromises(pool: Pool): Promise<void> {
  await pool.query('CREATE SCHEMA guard');
  await pool.query('CREATE TABLE guard.allowed (entity text, from_status text, to_status text)');
  for (const [entity, transitions] of Object.entries(TRANSITIONS)) {
    for (const { from, to } of Object.values(transitions)) {
      await pool.query('INSERT INTO guard.allowed SELECT $1, unnest($2::text[]), $3', [
        entity,
        from,
        to,
      ]);
    }
  }
  await pool.query(`
    CREATE FUNCTION guard.transition() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.status <> OLD.status
         AND NOT EXISTS (SELECT FROM guard.allowed
                          WHERE entity = TG_ARGV[0] AND from_status = OLD.status AND to_status = NEW.status) THEN
        RAISE 'The % went from % to %, which is no transition.', TG_ARGV[0], OLD.status, NEW.status;
      END IF;
      RETURN NEW;
    END $$;
    CREATE FUNCTION guard.job() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.finished_at IS NOT NULL THEN
        RAISE 'Job % has ended and is changed.', OLD.id;
      END IF;
      IF (NEW.progress_percent, NEW.last_seq, NEW.active_seconds) IS DISTINCT FROM
         (GREATEST(OLD.progress_percent, NEW.progress_percent), GREATEST(OLD.last_seq, NEW.last_seq),
          GREATEST(OLD.active_seconds, NEW.active_seconds)) THEN
        RAISE 'Of job % something falls that only grows.', OLD.id;
      END IF;
      RETURN NEW;
    END $$;
    CREATE FUNCTION guard.work() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.attempts < OLD.attempts OR NEW.failures < OLD.failures OR NEW.crashes < OLD.crashes THEN
        RAISE 'Of work % a counter falls.', OLD.id;
      END IF;
      IF OLD.status = 'running' AND NEW.status = 'running' AND NEW.progress < OLD.progress THEN
        RAISE 'The progress of work % falls.', OLD.id;
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER transition BEFORE UPDATE OF status ON kernel.jobs
       FOR EACH ROW EXECUTE FUNCTION guard.transition('job');
    CREATE TRIGGER transition BEFORE UPDATE OF status ON kernel.chunks
       FOR EACH ROW EXECUTE FUNCTION guard.transition('chunk');
    CREATE TRIGGER transition BEFORE UPDATE OF status ON kernel.works
       FOR EACH ROW EXECUTE FUNCTION guard.transition('work');
    CREATE TRIGGER promises BEFORE UPDATE OF status, stage, progress_percent, last_seq, output, gaps ON kernel.jobs
       FOR EACH ROW EXECUTE FUNCTION guard.job();
    CREATE TRIGGER promises BEFORE UPDATE ON kernel.works
       FOR EACH ROW EXECUTE FUNCTION guard.work();
  `);
}
