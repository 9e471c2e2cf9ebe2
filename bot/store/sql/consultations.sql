-- name: next_serial(fiscal_year)^
-- The next number of a fiscal year, without gaps.
INSERT INTO fiscal_serials (fiscal_year, last) VALUES (:fiscal_year, 1)
ON CONFLICT (fiscal_year) DO UPDATE SET last = fiscal_serials.last + 1
RETURNING last

-- name: add(id, number, fiscal_year, status, route, contacted_at, received_at, promised_at, urgency, danger, concerns, wishes, privacy, best_times, characteristics, supporter_field, organization_type, occupation, municipality, region, supporter, entered_by, counselor, claimed_at, claim_expires_at, handover_to, failed_calls, needs_decision, next_action_on, dispositions, primary_disposition, closing_reason, ended_at, merged_into, before, codes_version, version)!
INSERT INTO consultations (
    id, number, fiscal_year, status, route, contacted_at, received_at, promised_at, urgency, danger, concerns, wishes,
    privacy, best_times, characteristics, supporter_field, organization_type, occupation, municipality, region,
    supporter, entered_by, counselor, claimed_at, claim_expires_at, handover_to, failed_calls, needs_decision,
    next_action_on, dispositions, primary_disposition, closing_reason, ended_at, merged_into, before, codes_version,
    version
) VALUES (
    :id, :number, :fiscal_year, :status, :route, :contacted_at, :received_at, :promised_at, :urgency, :danger,
    :concerns, :wishes, :privacy, :best_times, :characteristics, :supporter_field, :organization_type, :occupation,
    :municipality, :region, :supporter, :entered_by, :counselor, :claimed_at, :claim_expires_at, :handover_to,
    :failed_calls, :needs_decision, :next_action_on, :dispositions, :primary_disposition, :closing_reason, :ended_at,
    :merged_into, :before, :codes_version, :version
)

-- name: get(id)^
SELECT * FROM consultations WHERE id = :id

-- name: hold(id)^
-- SQLite has one writer: what it reads stays so until the commit. (PostgreSQL holds the row.)
SELECT * FROM consultations WHERE id = :id

-- name: numbered(number)^
SELECT * FROM consultations WHERE number = :number

-- name: move(id, was, status, promised_at, urgency, danger, concerns, characteristics, supporter_field, organization_type, occupation, municipality, region, counselor, claimed_at, claim_expires_at, handover_to, failed_calls, needs_decision, next_action_on, dispositions, primary_disposition, closing_reason, ended_at, merged_into, before)^
-- One step of a consultation's life, taken only from the version we believe it has. Answers its id, or nothing.
UPDATE consultations SET
    version = version + 1, status = :status, promised_at = :promised_at, urgency = :urgency, danger = :danger,
    concerns = :concerns, characteristics = :characteristics, supporter_field = :supporter_field, organization_type = :organization_type,
    occupation = :occupation, municipality = :municipality, region = :region, counselor = :counselor,
    claimed_at = :claimed_at, claim_expires_at = :claim_expires_at, handover_to = :handover_to,
    failed_calls = :failed_calls, needs_decision = :needs_decision, next_action_on = :next_action_on,
    dispositions = :dispositions, primary_disposition = :primary_disposition, closing_reason = :closing_reason,
    ended_at = :ended_at, merged_into = :merged_into, before = :before
WHERE id = :id AND version = :was
RETURNING id

-- name: of_supporter(supporter)
-- A supporter's own, newest first.
SELECT * FROM consultations WHERE supporter = :supporter ORDER BY received_at DESC

-- name: held_by(counselor)
-- A counselor's open ones: what is due first comes first.
SELECT * FROM consultations
WHERE counselor = :counselor AND status NOT IN ('closed', 'withdrawn', 'merged')
ORDER BY COALESCE(claim_expires_at, next_action_on, promised_at), number

-- name: waiting()
-- Nobody holds them: danger first, then by promise.
SELECT * FROM consultations
WHERE counselor IS NULL AND status NOT IN ('closed', 'withdrawn', 'merged', 'suspended')
ORDER BY danger DESC, promised_at, number

-- name: offered_to(taker)
-- Hand-overs that wait for this person's yes.
SELECT * FROM consultations
WHERE handover_to = :taker AND status NOT IN ('closed', 'withdrawn', 'merged')
ORDER BY promised_at, number

-- name: to_decide()
-- Three calls did not get through: a coordinator decides.
SELECT * FROM consultations
WHERE needs_decision = 1 AND status NOT IN ('closed', 'withdrawn', 'merged')
ORDER BY promised_at, number

-- name: unkept(now)
-- Promised calls whose time has passed though nobody has tried, or nobody holds them; longest wait first.
-- A claim that was tried is no longer just claimed.
SELECT * FROM consultations
WHERE status IN ('received', 'claimed', 'reopened') AND promised_at <= :now
ORDER BY promised_at, number

-- name: forgotten()
-- A call was made, nothing was heard yet, and nothing calls it to mind.
SELECT c.* FROM consultations AS c
WHERE c.status = 'callback_pending'
  AND NOT EXISTS (
    SELECT 1 FROM timers AS t WHERE t.subject = c.id AND t.kind IN ('next_try', 'hearing') AND t.done_at IS NULL
  )
ORDER BY c.promised_at, c.number

-- name: expiring(until)
-- Claims whose call has not been tried and whose time runs out by then, soonest first.
SELECT * FROM consultations
WHERE counselor IS NOT NULL AND claim_expires_at <= :until AND status NOT IN ('closed', 'withdrawn', 'merged')
ORDER BY claim_expires_at, number

-- name: due_soon(until)
-- Claims without a call whose promise, or whose own time, ends by then.
SELECT * FROM consultations
WHERE counselor IS NOT NULL AND claim_expires_at IS NOT NULL AND (claim_expires_at <= :until OR promised_at <= :until)
  AND status NOT IN ('closed', 'withdrawn', 'merged')
ORDER BY promised_at, number

-- name: overdue_next(today)
-- Next actions whose day has passed.
SELECT * FROM consultations
WHERE next_action_on < :today AND status NOT IN ('closed', 'withdrawn', 'merged', 'suspended')
ORDER BY next_action_on, number

-- name: open_like(since, id)
-- Open ones that came in lately, to be compared when two may be the same.
SELECT * FROM consultations
WHERE id <> :id AND received_at >= :since AND status NOT IN ('closed', 'withdrawn', 'merged')
ORDER BY received_at DESC LIMIT 100

-- name: entered_by(operator, since)
-- What an operator entered lately, newest first.
SELECT * FROM consultations WHERE entered_by = :operator AND received_at >= :since ORDER BY received_at DESC

-- name: holders()
-- Everybody who holds something open.
SELECT DISTINCT counselor FROM consultations
WHERE counselor IS NOT NULL AND status NOT IN ('closed', 'withdrawn', 'merged')

-- name: closed_unrecorded(counselor)
-- Closed by this counselor, the record of this closing still waiting for their confirmation.
SELECT c.* FROM consultations AS c
WHERE c.counselor = :counselor AND c.status = 'closed' AND c.expired_at IS NULL
  AND NOT EXISTS (
    SELECT 1 FROM record_links AS l WHERE l.consultation = c.id AND l.at >= c.ended_at
  )
ORDER BY c.ended_at

-- name: closed_and_left()
-- Closed, the record unconfirmed, and whoever closed it works at the desk no more.
SELECT c.* FROM consultations AS c
WHERE c.status = 'closed' AND c.expired_at IS NULL
  AND NOT EXISTS (
    SELECT 1 FROM record_links AS l WHERE l.consultation = c.id AND l.at >= c.ended_at
  )
  AND NOT EXISTS (
    SELECT 1 FROM role_grants AS g
    WHERE g.user_id = c.counselor AND g.revoked_at IS NULL AND g.role IN ('counselor', 'coordinator')
  )
ORDER BY c.ended_at
