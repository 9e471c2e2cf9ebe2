-- name: lock(root)
-- A consultation and all that was merged into it, held until the commit: nobody opens, merges or holds one meanwhile.
WITH RECURSIVE down (id) AS (
    SELECT CAST(:root AS TEXT)
    UNION
    SELECT c.id FROM consultations AS c JOIN down ON c.merged_into = down.id WHERE c.status = 'merged'
)
SELECT c.id, c.status, c.ended_at, c.expired_at, c.supporter FROM consultations AS c
WHERE c.id IN (SELECT id FROM down) ORDER BY c.id FOR UPDATE

-- name: held_among(ids)
-- Which of these are held back themselves: one JSON list of ids.
SELECT h.consultation FROM holds AS h
JOIN json_array_elements_text(CAST(:ids AS json)) AS asked (value) ON asked.value = h.consultation
WHERE h.lifted_at IS NULL

-- name: lock_training(id)^
-- Its row, held until the commit, without opening what is sealed.
SELECT COALESCE(ended_at, ends_at, created_at) AS ended_at FROM trainings WHERE id = :id FOR UPDATE
