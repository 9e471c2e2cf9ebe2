-- name: take_turn()!
-- SQLite has one writer: the ledger cannot fork. (PostgreSQL waits here for its turn.)
SELECT 1

-- name: last()^
SELECT number, hash FROM destructions ORDER BY number DESC LIMIT 1

-- name: add(number, at, kind, subject, owner, rule, counted_from, basis, actor, counts, ids_hash, prev, hash)!
INSERT INTO destructions (
    number, at, kind, subject, owner, rule, counted_from, basis, actor, counts, ids_hash, prev, hash
) VALUES (
    :number, :at, :kind, :subject, :owner, :rule, :counted_from, :basis, :actor, :counts, :ids_hash, :prev, :hash
)

-- name: between(since, until)
-- What was destroyed from one moment until just before another, in order.
SELECT * FROM destructions WHERE at >= :since AND at < :until ORDER BY number

-- name: all_marks()
-- What was destroyed, ever.
SELECT number, at, kind, subject FROM destructions ORDER BY number

-- name: kinds_over(subject)
SELECT DISTINCT kind FROM destructions WHERE subject = :subject

-- name: after(number, most)
SELECT * FROM destructions WHERE number > :number ORDER BY number LIMIT :most

-- name: held(consultation)^
SELECT * FROM holds WHERE consultation = :consultation AND lifted_at IS NULL

-- name: set_hold(id, consultation, reason, set_by, set_at)^
-- Answers its id, or nothing where one stands already.
INSERT INTO holds (id, consultation, reason, set_by, set_at) VALUES (:id, :consultation, :reason, :set_by, :set_at)
ON CONFLICT (consultation) WHERE lifted_at IS NULL DO NOTHING
RETURNING id

-- name: lift_hold(consultation, lifted_by, lifted_at)^
UPDATE holds SET lifted_by = :lifted_by, lifted_at = :lifted_at
WHERE consultation = :consultation AND lifted_at IS NULL
RETURNING id

-- name: all_holds()
-- Everything that was ever held back, and whether it was let go.
SELECT consultation, reason, set_at, lifted_at FROM holds ORDER BY set_at, id

-- name: how_many_held()^
SELECT COUNT(*) AS n FROM holds WHERE lifted_at IS NULL

-- name: told()^
-- The last row of the ledger that the trail knows of.
SELECT detail FROM audit WHERE event = 'retention.destroyed' ORDER BY id DESC LIMIT 1

-- name: clock()^
SELECT seen_at, steady_since, sure_at FROM retention_clock

-- name: made()^
-- When this database was made, or last brought to a newer shape.
SELECT MAX(at) AS at FROM migrations

-- name: set_clock(seen_at, since, sure_at)!
INSERT INTO retention_clock (id, seen_at, steady_since, sure_at) VALUES (1, :seen_at, :since, :sure_at)
ON CONFLICT (id) DO UPDATE SET seen_at = :seen_at, steady_since = :since, sure_at = :sure_at
