-- name: of(participation)^
SELECT * FROM certificates WHERE participation = :participation

-- name: numbered(number)^
SELECT * FROM certificates WHERE number = :number

-- name: how_many(training)^
-- How many of a training there are; the next has the next number. None is ever taken away.
SELECT COUNT(*) AS papers FROM certificates AS c JOIN participations AS p ON p.id = c.participation
WHERE p.training = :training

-- name: add(number, participation, issued_at, minutes, code, name_hash)!
INSERT INTO certificates (number, participation, issued_at, minutes, code, name_hash)
VALUES (:number, :participation, :issued_at, :minutes, :code, :name_hash)

-- name: correct(number, minutes, name_hash)!
-- The same paper, with a name that was written wrong put right.
UPDATE certificates SET minutes = :minutes, name_hash = :name_hash WHERE number = :number
