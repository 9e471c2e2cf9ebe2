-- What experts state about themselves, and what is known of them.

-- name: those_who_may_sit()
-- Who sits in reviews now: everybody with an expert's role, and others of whom something is stated.
SELECT g.user_id AS staff, g.role AS role FROM role_grants AS g
WHERE g.revoked_at IS NULL AND (
    g.role IN ('expert_sw', 'expert_psy', 'expert_academic', 'expert_legal')
    OR (g.role IN ('counselor', 'supervisor', 'coordinator') AND g.user_id IN (SELECT staff FROM experts))
)
ORDER BY g.user_id, g.role

-- name: roles(staff)
SELECT role FROM role_grants WHERE user_id = :staff AND revoked_at IS NULL

-- name: all()
SELECT * FROM experts ORDER BY staff

-- name: get(staff)^
SELECT * FROM experts WHERE staff = :staff

-- name: add(staff, agency, municipalities, hours, days_off, most, honorarium, ways, stated_at)^
INSERT INTO experts (staff, agency, municipalities, hours, days_off, most, honorarium, ways, stated_at, version)
VALUES (:staff, :agency, :municipalities, :hours, :days_off, :most, :honorarium, :ways, :stated_at, 1)
ON CONFLICT (staff) DO NOTHING
RETURNING staff

-- name: move(staff, agency, municipalities, hours, days_off, most, honorarium, ways, stated_at, was)^
-- One step, from the version we believe it has. Answers whose, or nothing.
UPDATE experts SET
    agency = :agency, municipalities = :municipalities, hours = :hours, days_off = :days_off, most = :most,
    honorarium = :honorarium, ways = :ways, stated_at = :stated_at, version = version + 1
WHERE staff = :staff AND version = :was
RETURNING staff
