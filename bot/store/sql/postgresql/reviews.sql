-- name: hold(id)^
-- One after the other, until the commit, so that nobody answers a slot that was just taken back.
SELECT * FROM reviews WHERE id = :id FOR UPDATE
