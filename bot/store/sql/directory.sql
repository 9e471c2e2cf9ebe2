-- Municipalities and agencies: where cases go on to.

-- name: towns()
SELECT * FROM towns

-- name: town(municipality)^
SELECT * FROM towns WHERE municipality = :municipality

-- name: add_town(municipality, section, phone, juso, meetings, source, owner, confirm_on, confirmed_on)^
INSERT INTO towns (municipality, section, phone, juso, meetings, source, owner, confirm_on, confirmed_on, version)
VALUES (:municipality, :section, :phone, :juso, :meetings, :source, :owner, :confirm_on, :confirmed_on, 1)
ON CONFLICT (municipality) DO NOTHING
RETURNING municipality

-- name: move_town(municipality, section, phone, juso, meetings, source, owner, confirm_on, confirmed_on, was)^
-- One step, from the version we believe it has. Answers its key, or nothing.
UPDATE towns SET
    section = :section, phone = :phone, juso = :juso, meetings = :meetings, source = :source, owner = :owner,
    confirm_on = :confirm_on, confirmed_on = :confirmed_on, version = version + 1
WHERE municipality = :municipality AND version = :was
RETURNING municipality

-- name: agencies()
-- Those that are in use, in order.
SELECT * FROM agencies WHERE active = 1 ORDER BY municipality, kind, name, id

-- name: agencies_of(municipality, everywhere)
-- Those of a municipality and those of the whole prefecture, the nearer ones first.
SELECT * FROM agencies WHERE active = 1 AND municipality IN (:municipality, :everywhere)
ORDER BY CASE WHEN municipality = :municipality THEN 0 ELSE 1 END, kind, name, id

-- name: agencies_unused()
SELECT * FROM agencies WHERE active = 0 ORDER BY municipality, kind, name, id

-- name: agency(id)^
SELECT * FROM agencies WHERE id = :id

-- name: add_agency(id, name, kind, municipality, phone, note, source, owner, confirm_on, confirmed_on, active)^
INSERT INTO agencies (id, name, kind, municipality, phone, note, source, owner, confirm_on, confirmed_on, active, version)
VALUES (:id, :name, :kind, :municipality, :phone, :note, :source, :owner, :confirm_on, :confirmed_on, :active, 1)
ON CONFLICT (id) DO NOTHING
RETURNING id

-- name: move_agency(id, name, kind, municipality, phone, note, source, owner, confirm_on, confirmed_on, active, was)^
UPDATE agencies SET
    name = :name, kind = :kind, municipality = :municipality, phone = :phone, note = :note, source = :source,
    owner = :owner,
    confirm_on = :confirm_on, confirmed_on = :confirmed_on, active = :active, version = version + 1
WHERE id = :id AND version = :was
RETURNING id
