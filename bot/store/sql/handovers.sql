-- name: add_receiver(id, consultation, municipality, meeting, agency, person, office_sealed)!
INSERT INTO handover_receivers (id, consultation, municipality, meeting, agency, person, office_sealed)
VALUES (:id, :consultation, :municipality, :meeting, :agency, :person, :office_sealed)

-- name: receivers_of(consultation)
SELECT * FROM handover_receivers WHERE consultation = :consultation ORDER BY municipality, meeting, id

-- name: receiver(id)^
SELECT * FROM handover_receivers WHERE id = :id

-- name: add_agreement(id, consultation, answer, who, how, relation, fields, receivers, since, until, explained_by, given_on, withdrawn_on, withdrawn_how, version, recorded_by, recorded_at)!
-- Its consultation's row is held: the count is the next number.
INSERT INTO agreements (id, consultation, n, answer, who, how, relation, fields, receivers, since, until, explained_by, given_on, withdrawn_on, withdrawn_how, version, recorded_by, recorded_at)
SELECT :id, :consultation, (SELECT COUNT(*) + 1 FROM agreements AS a WHERE a.consultation = :consultation), :answer, :who, :how, :relation, :fields, :receivers, :since, :until, :explained_by, :given_on, :withdrawn_on, :withdrawn_how, :version, :recorded_by, :recorded_at

-- name: agreement(id)^
SELECT * FROM agreements WHERE id = :id

-- name: agreements_of(consultation)
SELECT * FROM agreements WHERE consultation = :consultation ORDER BY n

-- name: move_agreement(id, was, fields, receivers, withdrawn_on, withdrawn_how)^
UPDATE agreements SET
    version = version + 1, fields = :fields, receivers = :receivers, withdrawn_on = :withdrawn_on,
    withdrawn_how = :withdrawn_how
WHERE id = :id AND version = :was
RETURNING id

-- name: ended_between(since, until)
-- Agreements whose last day lies between these, and that nobody took back. Of what was destroyed nobody is told.
SELECT a.* FROM agreements AS a JOIN consultations AS c ON c.id = a.consultation
WHERE a.answer = 'given' AND a.withdrawn_on IS NULL AND a.until >= :since AND a.until < :until AND c.expired_at IS NULL
ORDER BY a.until, a.id

-- name: add_withdrawal(id, agreement, taken_on, how, receivers, fields, recorded_by, recorded_at)!
INSERT INTO agreement_withdrawals (id, agreement, taken_on, how, receivers, fields, recorded_by, recorded_at)
VALUES (:id, :agreement, :taken_on, :how, :receivers, :fields, :recorded_by, :recorded_at)

-- name: withdrawals_of(agreement)
SELECT * FROM agreement_withdrawals WHERE agreement = :agreement ORDER BY recorded_at, id

-- name: how_many(consultation)^
SELECT COUNT(*) AS packages FROM packages WHERE consultation = :consultation

-- name: add_package(id, number, consultation, batch, agreement, receiver, way, purpose, fields, secrecy, digest, state, made_by, made_at, sent_by, sent_at, answered_at, answered_through, reason, done_at, before, return_because, return_asked_at, returned_at, token_hash, token_until, version, content_sealed)!
INSERT INTO packages (id, number, consultation, batch, agreement, receiver, way, purpose, fields, secrecy, digest, state, made_by, made_at, sent_by, sent_at, answered_at, answered_through, reason, done_at, before, return_because, return_asked_at, returned_at, token_hash, token_until, version, content_sealed)
VALUES (:id, :number, :consultation, :batch, :agreement, :receiver, :way, :purpose, :fields, :secrecy, :digest, :state, :made_by, :made_at, :sent_by, :sent_at, :answered_at, :answered_through, :reason, :done_at, :before, :return_because, :return_asked_at, :returned_at, :token_hash, :token_until, :version, :content_sealed)

-- name: package(id)^
SELECT * FROM packages WHERE id = :id

-- name: numbered(number)^
SELECT * FROM packages WHERE number = :number

-- name: packages_of(consultation)
SELECT * FROM packages WHERE consultation = :consultation ORDER BY made_at, number

-- name: packages_under(agreement)
-- Everything made under an agreement, in whatever state: no package is out of reach of who agreed.
SELECT * FROM packages WHERE agreement = :agreement ORDER BY made_at, number

-- name: in_batch(batch)
SELECT * FROM packages WHERE batch = :batch ORDER BY number

-- name: given_by(person)
-- What somebody sent, newest first. Of what was destroyed nothing is told.
SELECT p.* FROM packages AS p JOIN consultations AS c ON c.id = p.consultation
WHERE p.sent_by = :person AND p.state <> 'dropped' AND c.expired_at IS NULL
ORDER BY p.sent_at DESC, p.number DESC

-- name: waiting(state)
-- Those nobody has answered, or nobody has confirmed, longest first.
SELECT p.* FROM packages AS p JOIN consultations AS c ON c.id = p.consultation
WHERE p.state = :state AND c.expired_at IS NULL
ORDER BY COALESCE(p.return_asked_at, p.sent_at), p.number

-- name: move_package(id, was, digest, state, sent_by, sent_at, answered_at, answered_through, reason, done_at, before, return_because, return_asked_at, returned_at, token_hash, token_until)^
UPDATE packages SET
    version = version + 1, digest = :digest, state = :state, sent_by = :sent_by, sent_at = :sent_at,
    answered_at = :answered_at, answered_through = :answered_through, reason = :reason, done_at = :done_at,
    before = :before, return_because = :return_because, return_asked_at = :return_asked_at,
    returned_at = :returned_at, token_hash = :token_hash, token_until = :token_until
WHERE id = :id AND version = :was
RETURNING id

-- name: forget_content(id)!
-- A draft that never goes out leaves no words.
UPDATE packages SET content_sealed = NULL WHERE id = :id

-- name: reply(id, reply_sealed)!
UPDATE packages SET reply_sealed = :reply_sealed WHERE id = :id

-- name: files_of(consultation, named)
-- The sheets that lie in direct messages. `named`: which package, within the facts.
SELECT channel, file_id FROM outbox
WHERE subject = :consultation AND op = 'upload' AND template IN ('package_paper', 'package_sheet')
    AND file_id IS NOT NULL AND facts LIKE :named

-- name: files_left()
-- What was on its way when it was asked back arrived after all, and nobody was told to take it away.
SELECT o.channel, o.file_id
FROM packages AS p JOIN outbox AS o ON o.subject = p.consultation AND o.facts LIKE '%"' || p.id || '"%'
WHERE p.state IN ('return_asked', 'returned') AND o.op = 'upload' AND o.template IN ('package_paper', 'package_sheet')
    AND o.file_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM outbox AS gone WHERE gone.key = 'package_gone/' || o.file_id)
