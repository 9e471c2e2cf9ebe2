-- name: lease(now, until, limit)
-- Take, beside other processes, what waits to be applied, oldest first. Chosen before anything is written.
WITH chosen AS MATERIALIZED (
    SELECT id FROM inbox
    WHERE (state = 'waiting' AND (not_before IS NULL OR not_before <= :now))
        OR (state = 'working' AND lease_until <= :now)
    ORDER BY id
    LIMIT :limit
    FOR UPDATE SKIP LOCKED
)
UPDATE inbox SET state = 'working', fence = inbox.fence + 1, lease_until = :until
FROM chosen
WHERE inbox.id = chosen.id
RETURNING inbox.*
