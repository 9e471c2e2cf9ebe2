-- name: take_turn()!
-- One after the other, until the commit, so that no two releases are decided without knowing of each other.
SELECT pg_advisory_xact_lock(7310868736)
