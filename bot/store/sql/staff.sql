-- name: grant(user_id, role, granted_by, granted_at)^
-- Nothing comes back when the role is held already.
INSERT INTO role_grants (user_id, role, granted_by, granted_at)
VALUES (:user_id, :role, :granted_by, :granted_at)
ON CONFLICT (user_id, role) WHERE revoked_at IS NULL DO NOTHING
RETURNING id

-- name: revoke(user_id, role, revoked_by, revoked_at)^
UPDATE role_grants SET revoked_at = :revoked_at, revoked_by = :revoked_by
WHERE user_id = :user_id AND role = :role AND revoked_at IS NULL
RETURNING id

-- name: roles_of(user_id)
SELECT role FROM role_grants WHERE user_id = :user_id AND revoked_at IS NULL

-- name: holders_of(role)
-- Who holds a role now, longest first.
SELECT user_id FROM role_grants WHERE role = :role AND revoked_at IS NULL ORDER BY id

-- name: held()
-- Every role held now.
SELECT user_id, role, granted_by, granted_at FROM role_grants WHERE revoked_at IS NULL ORDER BY role, id
