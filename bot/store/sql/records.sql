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
