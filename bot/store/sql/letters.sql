-- name: write(id, author, at, ts, owner, text_sealed)!
INSERT INTO letters (id, author, at, ts, owner, text_sealed) VALUES (:id, :author, :at, :ts, :owner, :text_sealed)

-- name: lately(author, since)
-- What somebody wrote since then, in order.
SELECT * FROM letters WHERE author = :author AND at >= :since ORDER BY ts

-- name: unheard(author)
-- Letters with words of danger that nobody on duty has opened yet.
SELECT l.id FROM letters AS l JOIN timers AS t ON t.subject = l.id
WHERE l.author = :author AND t.kind = 'letter_again' AND t.done_at IS NULL

-- name: get(id)^
SELECT * FROM letters WHERE id = :id

-- name: forget(before)!
DELETE FROM letters WHERE at < :before

-- name: listened(channel, ts)!
-- How far a direct message was read; never backwards.
INSERT INTO listened (channel, ts) VALUES (:channel, :ts)
ON CONFLICT (channel) DO UPDATE SET ts = CASE WHEN excluded.ts > listened.ts THEN excluded.ts ELSE listened.ts END

-- name: positions()
SELECT channel, ts FROM listened
