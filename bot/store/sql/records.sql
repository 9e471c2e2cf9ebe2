-- name: add(id, made_at, confirmed_by, fiscal_year, region, supporter_field, organization_type, occupation, route, urgency, concerns, characteristics, dispositions, primary_disposition, closing_reason, situation, formulation, advice, outcome, ruleset, codes_version, age_band, sex, household, theme, purpose, agreement, unusual, likeness, of_case, hash)!
INSERT INTO records (
    id, made_at, confirmed_by, fiscal_year, region, supporter_field, organization_type, occupation, route, urgency,
    concerns, characteristics, dispositions, primary_disposition, closing_reason, situation, formulation, advice,
    outcome, ruleset, codes_version, age_band, sex, household, theme, purpose, agreement, unusual, likeness, of_case, hash
) VALUES (
    :id, :made_at, :confirmed_by, :fiscal_year, :region, :supporter_field, :organization_type, :occupation, :route,
    :urgency, :concerns, :characteristics, :dispositions, :primary_disposition, :closing_reason, :situation,
    :formulation, :advice, :outcome, :ruleset, :codes_version, :age_band, :sex, :household, :theme, :purpose,
    :agreement, :unusual, :likeness, :of_case, :hash
)

-- name: link(consultation, record, at)!
INSERT INTO record_links (consultation, record, at) VALUES (:consultation, :record, :at)

-- name: of_consultation(consultation, since)
-- Its records kept since then, oldest first; a reopened consultation has one for each closing.
SELECT r.* FROM records AS r JOIN record_links AS l ON l.record = r.id
WHERE l.consultation = :consultation AND l.at >= :since ORDER BY l.at, r.id

-- name: holder(record)^
-- Who holds the consultation a record came from, as long as that is known.
SELECT c.counselor FROM record_links AS l JOIN consultations AS c ON c.id = l.consultation WHERE l.record = :record

-- name: unnoted(event, most)
-- Records of which the trail does not tell yet, in the order of their ids, which is not that of their making.
SELECT r.id, r.hash, v.record IS NOT NULL AS offered
FROM records AS r LEFT JOIN record_reviews AS v ON v.record = r.id
WHERE NOT EXISTS (SELECT 1 FROM audit AS a WHERE a.subject = r.id AND a.event = :event)
ORDER BY r.id LIMIT :most

-- name: get(record)^
-- One that was replaced is not read any more.
SELECT * FROM records WHERE id = :record AND NOT EXISTS (
    SELECT 1 FROM record_replacements AS p WHERE p.record = :record AND p.replaced_by IS NOT NULL
)

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

-- name: withdraw(record, by)^
-- Released before, and not any more. Who had released it stays.
UPDATE record_reviews SET decision = 'withdrawn', withdrawn_by = :by
WHERE record = :record AND decision = 'released'
RETURNING record

-- name: take_back(consultation)!
-- What nobody has looked at yet of a consultation is offered no more.
DELETE FROM record_reviews
WHERE decision IS NULL AND record IN (SELECT record FROM record_links WHERE consultation = :consultation)

-- name: echo(consultation, question, answer, heaviness, at)!
-- Whether it helped, for every record of the consultation. The latest tap counts.
INSERT INTO record_echoes (record, question, answer, heaviness, at)
SELECT l.record, CAST((
    SELECT COUNT(*) FROM followups AS f JOIN followups AS this ON this.consultation = f.consultation
    WHERE this.id = :question AND (f.asked_at, f.id) <= (this.asked_at, this.id)
) AS TEXT), :answer, :heaviness, :at
FROM record_links AS l WHERE l.consultation = :consultation
ON CONFLICT (record, question) DO UPDATE
SET answer = excluded.answer, heaviness = excluded.heaviness, at = excluded.at
