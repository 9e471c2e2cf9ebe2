-- name: accept(key, kind, owner, payload, received_at)^
-- Nothing comes back when the same event came before.
INSERT INTO inbox (key, kind, owner, payload, received_at)
VALUES (:key, :kind, :owner, :payload, :received_at)
ON CONFLICT (key) DO NOTHING
RETURNING key

-- name: seen(key)^
SELECT key FROM inbox WHERE key = :key

-- name: lease(now, until, limit)
-- Take what waits to be applied, oldest first.
UPDATE inbox SET state = 'working', fence = fence + 1, lease_until = :until
WHERE id IN (
    SELECT id FROM inbox
    WHERE (state = 'waiting' AND (not_before IS NULL OR not_before <= :now))
        OR (state = 'working' AND lease_until <= :now)
    ORDER BY id
    LIMIT :limit
)
RETURNING *

-- name: free_all()!
-- Their workers are gone.
UPDATE inbox SET state = 'waiting', lease_until = NULL WHERE state = 'working'

-- name: release(key, fence)!
UPDATE inbox SET state = 'waiting', lease_until = NULL WHERE key = :key AND fence = :fence AND state = 'working'

-- name: applied(key, now)^
-- Once only, whoever says it first. What was in it goes; that it came stays.
UPDATE inbox SET state = 'applied', applied_at = :now, payload = NULL, lease_until = NULL
WHERE key = :key AND state IN ('waiting', 'working')
RETURNING key

-- name: again(key, fence, not_before)!
UPDATE inbox SET state = 'waiting', attempt = attempt + 1, not_before = :not_before, lease_until = NULL
WHERE key = :key AND fence = :fence AND state = 'working'

-- name: dead(key, fence, now)^
UPDATE inbox SET state = 'dead', applied_at = :now, lease_until = NULL
WHERE key = :key AND fence = :fence AND state = 'working'
RETURNING key

-- name: revive(key)^
-- Try once more what was set aside.
UPDATE inbox SET state = 'waiting', attempt = 0, not_before = NULL, applied_at = NULL
WHERE key = :key AND state = 'dead'
RETURNING key

-- name: set_aside()
SELECT key, kind, received_at FROM inbox WHERE state = 'dead' ORDER BY id

-- name: count_waiting()^
SELECT COUNT(*) AS waiting, MIN(received_at) AS oldest FROM inbox WHERE state IN ('waiting', 'working')

-- name: forget(applied_before, dead_before)!
DELETE FROM inbox
WHERE (state = 'applied' AND received_at < :applied_before) OR (state = 'dead' AND received_at < :dead_before)

-- name: oldest_with_payload()^
SELECT MIN(owner) AS owner FROM inbox WHERE payload IS NOT NULL
