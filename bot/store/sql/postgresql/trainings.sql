-- name: hold(id)^
-- One after the other, until the commit, so that nobody takes a seat that was just taken.
SELECT * FROM trainings WHERE id = :id FOR UPDATE
