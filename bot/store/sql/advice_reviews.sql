-- アドバイス内容の検討会: what can be drawn, what was drawn, what was thought of it, and what came of it.

-- name: take_turn()!
-- SQLite has one writer: no two reviews draw at once. (PostgreSQL waits here for its turn.)
SELECT 1

-- name: closed(since, until)
-- Records of consultations that were closed with advice in that time and still are, the newest closing of each. Left out:
-- what is held back by law, what was withheld or waits for a second person, what somebody found a name in, and what was
-- read before.
SELECT r.id AS record, r.region AS region, r.theme AS theme
FROM consultations AS c
JOIN record_links AS l ON l.consultation = c.id
JOIN records AS r ON r.id = l.record
LEFT JOIN record_reviews AS v ON v.record = r.id
WHERE c.status = 'closed' AND c.expired_at IS NULL AND c.ended_at >= :since AND c.ended_at < :until
  AND l.at >= c.ended_at AND r.advice <> ''
  AND c.id NOT IN (SELECT id FROM held_back)
  AND COALESCE(v.decision, '') <> 'withheld' AND (r.unusual = '[]' OR v.decision = 'released')
  AND NOT EXISTS (SELECT 1 FROM record_replacements AS p WHERE p.record = r.id)
  AND NOT EXISTS (SELECT 1 FROM advice_samples AS s WHERE s.record = r.id)
ORDER BY r.id

-- name: people(since, until)
-- Everybody who had a part in a consultation closed in that time, or in one merged into it, by its records.
-- `gave`: they advised.
WITH RECURSIVE family (root, id) AS (
    SELECT c.id, c.id FROM consultations AS c
    WHERE c.status = 'closed' AND c.ended_at >= :since AND c.ended_at < :until
    UNION
    SELECT f.root, m.id FROM family AS f JOIN consultations AS m ON m.merged_into = f.id AND m.status = 'merged'
), part (root, person, gave) AS (
    SELECT f.root, c.counselor, 1 FROM family AS f JOIN consultations AS c ON c.id = f.id
    UNION ALL SELECT f.root, c.supporter, 0 FROM family AS f JOIN consultations AS c ON c.id = f.id
    UNION ALL SELECT f.root, h.author, 1 FROM family AS f JOIN hearings AS h ON h.consultation = f.id
    UNION ALL SELECT f.root, a.author, 1 FROM family AS f JOIN activities AS a ON a.consultation = f.id
    UNION ALL SELECT f.root, t.caller, 0 FROM family AS f JOIN call_attempts AS t ON t.consultation = f.id
    UNION ALL SELECT f.root, w.author, 0 FROM family AS f JOIN words AS w ON w.consultation = f.id
    UNION ALL SELECT f.root, p.staff, 0 FROM family AS f
    JOIN reviews AS v ON v.consultation = f.id JOIN review_people AS p ON p.review = v.id
    UNION ALL SELECT f.root, v.convener, 0 FROM family AS f JOIN reviews AS v ON v.consultation = f.id
    UNION ALL SELECT f.root, a.told_by, 0 FROM family AS f
    JOIN reviews AS v ON v.consultation = f.id JOIN review_advice AS a ON a.review = v.id
    UNION ALL SELECT f.root, r.confirmed_by, 0 FROM family AS f
    JOIN record_links AS l ON l.consultation = f.root JOIN records AS r ON r.id = l.record
)
SELECT l.record AS record, p.person AS person, MAX(p.gave) AS gave
FROM part AS p JOIN record_links AS l ON l.consultation = p.root
WHERE p.person IS NOT NULL
GROUP BY l.record, p.person

-- name: add(id, since, last, most, seed, readers, population, opened_by, opened_at, codes_version)!
INSERT INTO advice_reviews (id, since, last, most, seed, readers, population, opened_by, opened_at, codes_version)
VALUES (:id, :since, :last, :most, :seed, :readers, :population, :opened_by, :opened_at, :codes_version)

-- name: draw(record, review, theme, reader)!
INSERT INTO advice_samples (record, review, theme, reader) VALUES (:record, :review, :theme, :reader)

-- name: get(id)^
SELECT * FROM advice_reviews WHERE id = :id

-- name: hold(id)^
-- Its row, held until the commit.
UPDATE advice_reviews SET most = most WHERE id = :id RETURNING *

-- name: recent(since)
-- Those that are being read, that were closed lately, or that still have something to decide, newest first.
SELECT v.* FROM advice_reviews AS v
WHERE v.closed_at IS NULL OR v.closed_at >= :since
   OR EXISTS (SELECT 1 FROM advice_findings AS f WHERE f.review = v.id AND f.settled_as IS NULL)
ORDER BY v.opened_at DESC, v.id

-- name: progress(review)^
SELECT COUNT(*) AS drawn, COUNT(read_at) AS read FROM advice_samples WHERE review = :review

-- name: sample(record)^
SELECT * FROM advice_samples WHERE record = :record

-- name: to_read(reader, review)
-- What somebody ('': anybody) has not read yet, in one review ('': in any) whose reading goes on; without what is barred.
SELECT s.* FROM advice_samples AS s JOIN advice_reviews AS v ON v.id = s.review
WHERE (s.reader = :reader OR :reader = '') AND (s.review = :review OR :review = '')
  AND s.read_at IS NULL AND v.closed_at IS NULL
  AND s.record NOT IN (SELECT record FROM advice_barred)
ORDER BY v.opened_at, s.record

-- name: barred(record)^
SELECT record FROM advice_barred WHERE record = :record

-- name: going_on()
SELECT id FROM advice_reviews WHERE closed_at IS NULL ORDER BY opened_at, id

-- name: answer(record, answers, at)!
UPDATE advice_samples SET answers = :answers, read_at = :at WHERE record = :record

-- name: looks(review)
-- What was thought of each record, and whose it is: to be summed up at once, and shown to nobody.
SELECT s.theme, s.answers, r.confirmed_by AS giver FROM advice_samples AS s JOIN records AS r ON r.id = s.record
WHERE s.review = :review AND s.answers IS NOT NULL
ORDER BY s.record

-- name: close(id, by, at, summary)!
UPDATE advice_reviews SET closed_by = :by, closed_at = :at, summary = :summary WHERE id = :id

-- name: give_back(review)!
-- What nobody came to read can be drawn another time.
DELETE FROM advice_samples WHERE review = :review AND read_at IS NULL

-- name: forget_answers(review)!
UPDATE advice_samples SET answers = NULL WHERE review = :review

-- name: forget_records(review)!
UPDATE advice_findings SET record = NULL WHERE review = :review

-- name: note(id, review, record, kind, theme, text)!
INSERT INTO advice_findings (id, review, record, kind, theme, text)
VALUES (:id, :review, :record, :kind, :theme, :text)
ON CONFLICT (record) DO UPDATE SET kind = excluded.kind, text = excluded.text

-- name: take_back(record)!
DELETE FROM advice_findings WHERE record = :record

-- name: finding(id)^
SELECT * FROM advice_findings WHERE id = :id

-- name: finding_about(record)^
SELECT * FROM advice_findings WHERE record = :record

-- name: findings(review)
SELECT * FROM advice_findings WHERE review = :review ORDER BY kind, theme, id

-- name: settle(id, settled_as, by, at)^
-- What becomes of a finding, once. Answers its id, or nothing.
UPDATE advice_findings SET settled_as = :settled_as, settled_by = :by, settled_at = :at
WHERE id = :id AND settled_as IS NULL
RETURNING id

-- name: topics(since)
-- What was found worth a training lately, newest first.
SELECT * FROM advice_findings WHERE settled_as = 'topic' AND settled_at >= :since ORDER BY settled_at DESC, id

-- name: keep(id, finding, theme, text, by, at)!
INSERT INTO advice_models (id, finding, theme, text, kept_by, kept_at)
VALUES (:id, :finding, :theme, :text, :by, :at)

-- name: models(most)
SELECT id, theme, text, kept_at FROM advice_models WHERE retired_at IS NULL ORDER BY kept_at DESC, id LIMIT :most

-- name: retire(id, by, at)^
UPDATE advice_models SET retired_by = :by, retired_at = :at WHERE id = :id AND retired_at IS NULL RETURNING id
