-- name: get(owner)^
SELECT wrapped FROM data_keys WHERE owner = :owner

-- name: add(owner, wrapped, made_at, master_id)^
-- Nothing comes back when somebody was first: then theirs is the key. What was destroyed never gets a key again.
INSERT INTO data_keys (owner, wrapped, made_at, master_id)
SELECT :owner, :wrapped, :made_at, :master_id
WHERE NOT EXISTS (SELECT 1 FROM destructions AS d WHERE d.owner = :owner)
ON CONFLICT (owner) DO NOTHING
RETURNING wrapped

-- name: destroy(owner)^
DELETE FROM data_keys WHERE owner = :owner RETURNING owner

-- name: destroy_before(family, owner)
-- All keys of a family that sorts by day, older than one of them.
DELETE FROM data_keys WHERE substr(owner, 1, length(:family)) = :family AND owner < :owner RETURNING owner

-- name: everyone()
SELECT owner, wrapped FROM data_keys ORDER BY owner

-- name: rewrap(owner, wrapped, master_id)!
UPDATE data_keys SET wrapped = :wrapped, master_id = :master_id WHERE owner = :owner

-- name: canary()^
SELECT sealed FROM canary

-- name: first_owner()^
SELECT owner FROM data_keys LIMIT 1

-- name: set_canary(sealed, master_id)!
INSERT INTO canary (id, sealed, master_id) VALUES (1, :sealed, :master_id)
ON CONFLICT (id) DO UPDATE SET sealed = :sealed, master_id = :master_id
