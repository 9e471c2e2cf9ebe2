-- name: take_turn()!
-- One after the other, until the commit, so that no record is drawn twice.
SELECT pg_advisory_xact_lock(7310868737)
