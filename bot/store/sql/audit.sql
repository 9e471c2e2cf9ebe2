-- name: take_turn()!
-- SQLite has one writer: the chain cannot fork. (PostgreSQL waits here for its turn.)
SELECT 1

-- name: record(at, actor, event, subject, detail, said)!
-- One link: its hash covers the link before it and all that is said here.
INSERT INTO audit (at, actor, event, subject, detail, prev, hash)
SELECT :at, :actor, :event, :subject, :detail, last.hash, audit_hash(last.hash || :said)
FROM (SELECT COALESCE((SELECT hash FROM audit ORDER BY id DESC LIMIT 1), '') AS hash) AS last

-- name: trail()
-- Everything that was done, in order.
SELECT * FROM audit ORDER BY id

-- name: trail_of(subject)
-- What was done to one thing, in order.
SELECT * FROM audit WHERE subject = :subject ORDER BY id

-- name: told(event)
-- Every entry of one kind, in order.
SELECT * FROM audit WHERE event = :event ORDER BY id

-- name: after(id, limit)
-- The next links of the chain, to be checked.
SELECT * FROM audit WHERE id > :id ORDER BY id LIMIT :limit

-- name: head()^
-- The last link: whoever keeps it elsewhere can tell later whether the end was cut off.
SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1
