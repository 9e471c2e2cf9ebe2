-- 社会資源の不足: what was lacking, once for each consultation and kind.

-- name: note(consultation, kind, region, fiscal_year, source, at)^
-- Nothing comes back where it was noted already.
INSERT INTO gaps (consultation, kind, region, fiscal_year, source, at)
VALUES (:consultation, :kind, :region, :fiscal_year, :source, :at)
ON CONFLICT (consultation, kind) DO NOTHING
RETURNING kind

-- name: of(consultation)
SELECT kind FROM gaps WHERE consultation = :consultation ORDER BY kind

-- name: summed(fiscal_year)
-- 足りないもの: in how many consultations something of a kind was lacking, by region. What was merged into another, or
-- withdrawn, does not count.
SELECT g.region AS region, g.kind AS kind, COUNT(*) AS n
FROM gaps AS g JOIN consultations AS c ON c.id = g.consultation
WHERE g.fiscal_year = :fiscal_year AND c.status NOT IN ('merged', 'withdrawn')
GROUP BY g.region, g.kind
