-- 社会資源の不足: what was lacking, once for each consultation and kind.

-- name: note(consultation, kind, region, fiscal_year, source, at)^
-- Nothing comes back where it was noted already.
INSERT INTO gaps (consultation, kind, region, fiscal_year, source, at)
VALUES (:consultation, :kind, :region, :fiscal_year, :source, :at)
ON CONFLICT (consultation, kind) DO NOTHING
RETURNING kind

-- name: take_back(consultation, kind)^
-- It was ticked by mistake. Nothing comes back where it was not noted.
DELETE FROM gaps WHERE consultation = :consultation AND kind = :kind RETURNING kind

-- name: of(consultation)
SELECT kind FROM gaps WHERE consultation = :consultation ORDER BY kind

-- name: summed(fiscal_year)
-- 足りないもの: in how many consultations something of a kind was lacking, by the region the consultation is of as far as
-- that is known by now. What was merged into another counts with it, once; what was withdrawn does not count.
WITH RECURSIVE top (id, root) AS (
    SELECT c.id, c.id FROM consultations AS c WHERE c.status NOT IN ('merged', 'withdrawn')
    UNION
    SELECT c.id, top.root FROM consultations AS c JOIN top ON c.merged_into = top.id WHERE c.status = 'merged'
)
SELECT COALESCE(c.region, g.region) AS region, g.kind AS kind, COUNT(DISTINCT top.root) AS n
FROM gaps AS g JOIN top ON top.id = g.consultation JOIN consultations AS c ON c.id = top.root
WHERE g.fiscal_year = :fiscal_year
GROUP BY COALESCE(c.region, g.region), g.kind
