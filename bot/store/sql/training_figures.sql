-- Figures of a fiscal year. Its trainings are those that were held and whose first session began from :since until
-- just before :until (April to March, Tokyo). Each query says once what its figure is.

-- name: kinds(since, until)
-- 回数: how many trainings were held, and how many sessions they had that took place, by kind.
SELECT t.kind AS kind, COUNT(DISTINCT t.id) AS trainings, COUNT(s.id) AS sessions
FROM trainings AS t LEFT JOIN training_sessions AS s ON s.training = t.id AND s.removed = 0
WHERE t.stage = 'held' AND t.starts_at >= :since AND t.starts_at < :until
GROUP BY t.kind

-- name: people_there(since, until)
-- 参加者: everybody who was at a training, one row for each training they were at: marked as there for at least one
-- session that took place, all or part of it; at trainings where nobody is marked as there, everybody with a seat but
-- those marked as absent or excused.
SELECT t.kind AS kind, p.attendee AS attendee, p.supporter_field AS field, p.region AS region,
    p.occupation AS occupation, p.municipality AS municipality, p.practice AS practice
FROM trainings AS t JOIN participations AS p ON p.training = t.id
WHERE t.stage = 'held' AND t.starts_at >= :since AND t.starts_at < :until AND (
    EXISTS (
        SELECT 1 FROM attendances AS a JOIN training_sessions AS s ON s.id = a.session
        WHERE a.participation = p.id AND s.removed = 0 AND a.status IN ('attended', 'partial')
    )
    OR (p.status = 'confirmed' AND NOT EXISTS (
        SELECT 1 FROM attendances AS a JOIN training_sessions AS s ON s.id = a.session
        WHERE s.training = t.id AND s.removed = 0 AND (a.participation = p.id OR a.status IN ('attended', 'partial'))
    ))
)

-- name: satisfaction(since, until, fewest)
-- 満足度: answers to the question, by answer, of trainings with at least :fewest answers to it. Fewer are left out here
-- too: whoever knows the others' could compute them.
SELECT f.satisfaction AS answer, COUNT(*) AS answers
FROM feedback AS f JOIN trainings AS t ON t.id = f.training
WHERE t.stage = 'held' AND t.starts_at >= :since AND t.starts_at < :until AND f.satisfaction IS NOT NULL AND (
    SELECT COUNT(*) FROM feedback AS g WHERE g.training = t.id AND g.satisfaction IS NOT NULL
) >= :fewest
GROUP BY f.satisfaction
