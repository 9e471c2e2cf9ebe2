-- name: take_turn()!
-- One after the other, until the commit, so that the ledger never forks.
SELECT pg_advisory_xact_lock(7310868736)
