-- name: show(view, training, person, until)!
INSERT INTO check_in_screens (view, training, person, until) VALUES (:view, :training, :person, :until)
ON CONFLICT (view) DO NOTHING

-- name: forget(view)!
DELETE FROM check_in_screens WHERE view = :view

-- name: forget_over(now)!
DELETE FROM check_in_screens WHERE until < :now

-- name: shown(now)
-- Windows that are kept fresh at this moment.
SELECT * FROM check_in_screens WHERE until >= :now ORDER BY view

-- name: shown_of(training)
SELECT * FROM check_in_screens WHERE training = :training ORDER BY view

-- name: tries(person, like, since)^
-- How many wrong codes somebody has typed since then.
SELECT COUNT(*) AS n FROM done_once WHERE subject = :person AND at > :since AND key LIKE :like

-- name: tried(key, person, at)!
INSERT INTO done_once (key, subject, at) VALUES (:key, :person, :at) ON CONFLICT (key) DO NOTHING
