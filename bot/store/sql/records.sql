-- name: add(id, made_at, confirmed_by, fiscal_year, region, supporter_field, organization_type, occupation, route, urgency, concerns, characteristics, dispositions, primary_disposition, closing_reason, situation, formulation, advice, outcome, ruleset, codes_version, age_band, sex, household, theme, purpose, agreement, unusual, likeness, hash)!
INSERT INTO records (
    id, made_at, confirmed_by, fiscal_year, region, supporter_field, organization_type, occupation, route, urgency,
    concerns, characteristics, dispositions, primary_disposition, closing_reason, situation, formulation, advice,
    outcome, ruleset, codes_version, age_band, sex, household, theme, purpose, agreement, unusual, likeness, hash
) VALUES (
    :id, :made_at, :confirmed_by, :fiscal_year, :region, :supporter_field, :organization_type, :occupation, :route,
    :urgency, :concerns, :characteristics, :dispositions, :primary_disposition, :closing_reason, :situation,
    :formulation, :advice, :outcome, :ruleset, :codes_version, :age_band, :sex, :household, :theme, :purpose,
    :agreement, :unusual, :likeness, :hash
)

-- name: link(consultation, record)!
INSERT INTO record_links (consultation, record) VALUES (:consultation, :record)

-- name: of_consultation(consultation)
-- Its records, oldest first; a reopened consultation has one for each closing.
SELECT r.* FROM records AS r JOIN record_links AS l ON l.record = r.id
WHERE l.consultation = :consultation ORDER BY r.made_at, r.id

-- name: how_many()^
SELECT COUNT(*) AS n FROM records

-- name: get(record)^
SELECT * FROM records WHERE id = :record

-- name: page(after, most)
-- Records in the order of their ids, from behind one on.
SELECT * FROM records WHERE id > :after ORDER BY id LIMIT :most

-- name: offer(record, by, at)!
INSERT INTO record_reviews (record, offered_by, offered_at) VALUES (:record, :by, :at)
ON CONFLICT (record) DO NOTHING

-- name: review_of(record)^
SELECT * FROM record_reviews WHERE record = :record

-- name: to_review(by, most)
-- Offered by somebody else and looked at by nobody yet, oldest first.
SELECT r.* FROM record_reviews AS v JOIN records AS r ON r.id = v.record
WHERE v.decision IS NULL AND v.offered_by <> :by AND r.confirmed_by <> :by
ORDER BY v.offered_at, r.id LIMIT :most

-- name: decide(record, decision, by, at)^
-- The second person's word, once. Answers the record, or nothing.
UPDATE record_reviews SET decision = :decision, reviewed_by = :by, reviewed_at = :at
WHERE record = :record AND decision IS NULL AND offered_by <> :by
RETURNING record

-- name: withdraw(record, at)^
-- Released before, and not any more. Who had released it stays.
UPDATE record_reviews SET decision = 'withheld', reviewed_at = :at
WHERE record = :record AND decision = 'released'
RETURNING record

-- name: echo(consultation, question, answer, heaviness, at)!
-- Whether it helped, for every record of the consultation. The latest tap counts.
INSERT INTO record_echoes (record, question, answer, heaviness, at)
SELECT l.record, :question, :answer, :heaviness, :at FROM record_links AS l WHERE l.consultation = :consultation
ON CONFLICT (record, question) DO UPDATE
SET answer = excluded.answer, heaviness = excluded.heaviness, at = excluded.at
