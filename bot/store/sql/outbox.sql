-- name: add(key, op, template, channel, subject, facts, created_at, not_before)!
-- Promising the same key again changes nothing.
INSERT INTO outbox (key, op, template, channel, subject, facts, created_at, not_before)
VALUES (:key, :op, :template, :channel, :subject, :facts, :created_at, :not_before)
ON CONFLICT (key) DO NOTHING

-- name: has(key)^
SELECT id FROM outbox WHERE key = :key

-- name: refresh(key, op, template, channel, subject, facts, created_at, not_before)!
-- One row per live surface: wanting it again raises the count, and it is drawn once however often it was wanted.
-- The first time at once; `not_before` holds an edit back that would come upon the heels of the one before.
INSERT INTO outbox (key, op, template, channel, subject, facts, created_at)
VALUES (:key, :op, :template, :channel, :subject, :facts, :created_at)
ON CONFLICT (key) DO UPDATE SET
    wanted = outbox.wanted + 1,
    facts = excluded.facts,
    created_at = CASE WHEN outbox.finished_at IS NULL THEN outbox.created_at ELSE excluded.created_at END,
    state = CASE WHEN outbox.finished_at IS NULL THEN outbox.state ELSE 'pending' END,
    attempt = CASE WHEN outbox.finished_at IS NULL THEN outbox.attempt ELSE 0 END,
    retry_at = CASE WHEN outbox.finished_at IS NULL THEN outbox.retry_at END,
    not_before = CASE
        WHEN outbox.finished_at IS NOT NULL OR outbox.state IN ('sending', 'checking') THEN :not_before
        ELSE outbox.not_before END,
    told_at = NULL,
    why = NULL,
    finished_at = NULL

-- name: lease(now, until, limit)
-- Take what may be sent now, the first unfinished of each subject only. What was in doubt is to be checked first.
UPDATE outbox
SET state = CASE WHEN state = 'unknown' THEN 'checking' ELSE 'sending' END,
    fence = fence + 1,
    lease_until = :until
WHERE id IN (
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
)
RETURNING *

-- name: expire(now, everything)!
-- A lease that ran out leaves doubt: the words may have arrived.
UPDATE outbox SET state = 'unknown', lease_until = NULL
WHERE finished_at IS NULL AND state IN ('sending', 'checking') AND (lease_until <= :now OR :everything = 1)

-- name: release(id, fence)!
-- Given back before anything was sent.
UPDATE outbox SET state = CASE WHEN state = 'checking' THEN 'unknown' ELSE 'pending' END, lease_until = NULL
WHERE id = :id AND fence = :fence AND state IN ('sending', 'checking')

-- name: put_off(id, fence, until)!
-- Not yet: it does not keep waiting what was promised later about the same.
UPDATE outbox
SET state = CASE WHEN state = 'checking' THEN 'unknown' ELSE 'pending' END, lease_until = NULL, not_before = :until
WHERE id = :id AND fence = :fence AND state IN ('sending', 'checking')

-- name: sent(id, fence, now, shown, posted_in, ts, why)^
-- Done, unless more was wanted meanwhile: then it is drawn once more.
UPDATE outbox
SET state = CASE WHEN wanted > :shown THEN 'pending' ELSE 'sent' END,
    finished_at = CASE WHEN wanted > :shown THEN NULL ELSE :now END,
    shown = :shown, posted_in = :posted_in, ts = :ts, why = :why,
    attempt = 0, retry_at = NULL, lease_until = NULL
WHERE id = :id AND fence = :fence AND state IN ('sending', 'checking')
RETURNING state

-- name: again(id, fence, state, retry_at, why)^
UPDATE outbox
SET state = :state, attempt = attempt + 1, retry_at = :retry_at, why = :why, lease_until = NULL
WHERE id = :id AND fence = :fence AND state IN ('sending', 'checking')
RETURNING attempt

-- name: dead(id, fence, now, why)^
UPDATE outbox SET state = 'dead', finished_at = :now, why = :why, lease_until = NULL
WHERE id = :id AND fence = :fence AND state IN ('sending', 'checking')
RETURNING id

-- name: note(id, fence, posted_in, ts, file_id)^
-- What must be known if the answer to the next call gets lost.
UPDATE outbox SET posted_in = :posted_in, ts = :ts, file_id = :file_id
WHERE id = :id AND fence = :fence AND state IN ('sending', 'checking')
RETURNING id

-- name: hold(channel, op, until)!
-- Slack asked for a pause on this channel.
UPDATE outbox SET retry_at = :until
WHERE finished_at IS NULL AND channel = :channel AND op = :op AND (retry_at IS NULL OR retry_at < :until)

-- name: untold(limit)
-- What could not be said and nobody has heard about yet.
SELECT * FROM outbox WHERE state = 'dead' AND told_at IS NULL ORDER BY id LIMIT :limit

-- name: told(id, now)!
UPDATE outbox SET told_at = :now WHERE id = :id

-- name: count_waiting(now)^
-- Since when the oldest that could have gone has waited, and how many wait.
SELECT MIN(CASE WHEN not_before IS NULL THEN created_at WHEN not_before <= :now THEN not_before END) AS oldest,
    COUNT(*) AS waiting
FROM outbox WHERE finished_at IS NULL

-- name: unfinished(limit)
SELECT * FROM outbox WHERE finished_at IS NULL ORDER BY id LIMIT :limit

-- name: of(subject)
SELECT * FROM outbox WHERE subject = :subject ORDER BY id

-- name: at(channel, ts)^
-- Which promise stands behind a message in Slack.
SELECT * FROM outbox WHERE posted_in = :channel AND ts = :ts ORDER BY id DESC LIMIT 1

-- name: tidy(before)!
-- What was sent long ago and will not be drawn again. Papers that may have to be collected are remembered longer.
DELETE FROM outbox
WHERE state = 'sent' AND op IN ('post', 'whisper', 'upload', 'window') AND finished_at < :before
    AND NOT (file_id IS NOT NULL AND template IN ('package_paper', 'package_sheet'))
