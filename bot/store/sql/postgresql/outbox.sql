-- name: lease(now, until, limit)
-- Take, beside other processes, what may be sent now, the first unfinished of each subject only.
-- What was in doubt is to be checked first. Chosen once and for all before anything is written.
WITH chosen AS MATERIALIZED (
    SELECT mine.id FROM outbox AS mine
    WHERE mine.finished_at IS NULL
        AND mine.state IN ('pending', 'unknown')
        AND (mine.not_before IS NULL OR mine.not_before <= :now)
        AND (mine.retry_at IS NULL OR mine.retry_at <= :now)
        AND (mine.subject = '' OR NOT EXISTS (
            SELECT 1 FROM outbox AS earlier
            WHERE earlier.subject = mine.subject
                AND earlier.finished_at IS NULL
                AND earlier.id < mine.id
                AND (earlier.not_before IS NULL OR earlier.not_before <= :now)
        ))
    ORDER BY mine.id
    LIMIT :limit
    FOR UPDATE OF mine SKIP LOCKED
)
UPDATE outbox
SET state = CASE WHEN outbox.state = 'unknown' THEN 'checking' ELSE 'sending' END,
    fence = outbox.fence + 1,
    lease_until = :until
FROM chosen
WHERE outbox.id = chosen.id
RETURNING outbox.*
