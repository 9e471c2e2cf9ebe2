-- name: hold(id)^
-- One after the other, until the commit, so that an act sees what the one before it did.
SELECT * FROM consultations WHERE id = :id FOR UPDATE
