-- name: of(consultation)
-- What is known of a case. What is known of those that were merged into it comes first.
SELECT * FROM case_names
WHERE consultation IN (
    SELECT CAST(:consultation AS TEXT)
    UNION ALL
    SELECT id FROM consultations WHERE merged_into = :consultation
)
ORDER BY CASE WHEN consultation = :consultation THEN 1 ELSE 0 END, at, id

-- name: merged(consultation)
-- What was merged into a case and has not expired, oldest first.
SELECT id FROM consultations WHERE merged_into = :consultation AND expired_at IS NULL ORDER BY received_at, id

-- name: add(id, consultation, label, kept, added_by, at, surface_sealed, token_sealed)!
INSERT INTO case_names (id, consultation, label, kept, added_by, at, surface_sealed, token_sealed)
VALUES (:id, :consultation, :label, :kept, :added_by, :at, :surface_sealed, :token_sealed)

-- name: change(id, label, kept, added_by, at, token_sealed)!
UPDATE case_names SET label = :label, kept = :kept, added_by = :added_by, at = :at, token_sealed = :token_sealed
WHERE id = :id

-- name: put_words(id, text_sealed)!
UPDATE words SET text_sealed = :text_sealed WHERE id = :id
