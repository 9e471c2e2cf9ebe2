-- name: set(subject, kind, due_at)!
-- One open timer of a kind for a subject: setting it again moves it.
INSERT INTO timers (subject, kind, due_at) VALUES (:subject, :kind, :due_at)
ON CONFLICT (subject, kind) WHERE done_at IS NULL DO UPDATE SET due_at = excluded.due_at

-- name: cancel(subject, kind)!
DELETE FROM timers WHERE subject = :subject AND kind = :kind AND done_at IS NULL

-- name: cancel_all(subject)!
DELETE FROM timers WHERE subject = :subject AND done_at IS NULL

-- name: due(now, limit)
-- What should have happened by now, longest overdue first.
SELECT * FROM timers WHERE done_at IS NULL AND due_at <= :now ORDER BY due_at, id LIMIT :limit

-- name: of(subject)
SELECT * FROM timers WHERE subject = :subject AND done_at IS NULL ORDER BY due_at, id

-- name: finish(id, now)^
-- Only if it is still open and still due: moved or finished meanwhile, nothing comes back.
UPDATE timers SET done_at = :now WHERE id = :id AND done_at IS NULL AND due_at <= :now RETURNING id

-- name: tidy(before)!
DELETE FROM timers WHERE done_at < :before

-- name: ticked(name, at)!
INSERT INTO ticks (name, at) VALUES (:name, :at)
ON CONFLICT (name) DO UPDATE SET at = CASE WHEN ticks.at < excluded.at THEN excluded.at ELSE ticks.at END

-- name: last_tick(name)^
SELECT at FROM ticks WHERE name = :name
