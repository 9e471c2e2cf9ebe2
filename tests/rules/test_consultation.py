"""The life of a consultation: which step follows which, and what each step leaves behind."""

import contextlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.consultation import (
    CALLING,
    ENDED,
    FAILED_CALLS_BEFORE_DECISION,
    NOT_REACHED,
    OPEN,
    STEPS,
    WAITING,
    Consultation,
    Status,
    distinct_failures,
    receipt_number,
)
from bot.domain.refusals import (
    AlreadyClaimed,
    AlreadyTheirs,
    ClaimFirst,
    HearingFirst,
    InThePast,
    NotFound,
    Refused,
    TooLate,
)

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=8)
TODAY = date(2026, 11, 24)
S = Status


def a(status=S.RECEIVED, **facts):
    """A consultation that is there, held where somebody must hold it."""
    held = {} if status in WAITING else {"counselor": "U_SATO", "claimed_at": NOW}
    if status is S.MERGED:
        held |= {"before": S.CLAIMED, "merged_into": "other"}
    return Consultation(
        **{
            "id": "c1", "number": "R8-0001", "fiscal_year": 2026, "status": status, "route": "slack",
            "contacted_at": NOW, "received_at": NOW, "promised_at": LATER, "urgency": "u3", **held, **facts,
        }
    )  # fmt: skip


# Each act, and the status it leads to. What keeps the status where it is has None.
ACTS = {
    "claimed_by": (lambda c: replace(c, counselor=None).claimed_by("U_MORI", NOW, LATER), S.CLAIMED),
    "released": (lambda c: c.released(), S.RECEIVED),
    "not reached": (lambda c: c.called("no_answer", 1), S.CALLBACK_PENDING),
    "reached": (lambda c: c.called("reached", 0), S.CALLBACK_PENDING),
    "heard": (lambda c: c.heard(concerns=("x",), characteristics=(), next_action_on=TODAY, today=TODAY), S.HEARING_DONE),
    "advised": (lambda c: c.advised(TODAY, TODAY), S.ADVISING),
    "followed_up": (lambda c: c.followed_up(TODAY), S.FOLLOW_UP),
    "closed": (lambda c: c.closed(NOW, dispositions=(), primary="p", reason="r"), S.CLOSED),
    "suspended": (lambda c: c.suspended(), S.SUSPENDED),
    "reopened": (lambda c: c.reopened(LATER), S.REOPENED),
    "withdrawn": (lambda c: c.withdrawn(NOW), S.WITHDRAWN),
    "merged": (lambda c: c.merged(a(id="other"), NOW), S.MERGED),
}  # fmt: skip
STAYING = {"claimed_by", "released", "not reached", "reached"}


def test_the_table_of_steps_is_total():
    assert set(STEPS) == set(Status)
    for steps in STEPS.values():
        assert steps <= set(Status)


def test_open_and_ended_part_all_there_is():
    assert set(Status) == OPEN | ENDED
    assert not OPEN & ENDED
    assert WAITING <= OPEN
    assert CALLING <= OPEN


def test_every_status_but_the_first_is_reached_and_every_end_can_be_left():
    reached = set().union(*STEPS.values())
    assert set(Status) <= reached
    assert all(STEPS[each] for each in Status)
    for ended in ENDED - {S.MERGED}:
        assert STEPS[ended] == {S.REOPENED}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("act", ACTS)
def test_over_every_pair_a_step_is_taken_or_refused_as_the_table_says(status, act):
    do, to = ACTS[act]
    before = a(status)
    try:
        after = do(before)
    except Refused:
        assert to not in STEPS[status] or act in STAYING or status is S.MERGED, (
            "refused though the table lets it"
        )
        return
    assert status is not S.MERGED
    if after.status is status:
        assert act in STAYING or to is status
    else:
        assert after.status is to
        assert to in STEPS[status]
    assert after.id == before.id
    assert after.number == before.number


@pytest.mark.parametrize("status", sorted(ENDED))
@pytest.mark.parametrize("act", sorted(set(ACTS) - {"reopened"}))
def test_what_has_ended_can_only_be_opened_again(status, act):
    with pytest.raises(Refused):
        ACTS[act][0](a(status))


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_done_to_the_one_that_was_given(status, act):
    before = a(status)
    same = replace(before)
    with contextlib.suppress(Refused):
        ACTS[act][0](before)
    assert before == same


# Claiming


def test_the_first_has_it_the_second_hears_who_and_since_when():
    taken = a().claimed_by("U_SATO", NOW, LATER)

    assert (taken.status, taken.counselor, taken.claimed_at, taken.claim_expires_at) == (
        S.CLAIMED,
        "U_SATO",
        NOW,
        LATER,
    )
    assert taken.claimed_by("U_SATO", LATER, LATER) is taken
    with pytest.raises(AlreadyClaimed) as refused:
        taken.claimed_by("U_MORI", LATER, LATER)
    assert (refused.value.by, refused.value.since) == ("U_SATO", NOW)


@pytest.mark.parametrize("status", sorted(OPEN - {S.SUSPENDED}))
def test_a_claim_runs_out_only_while_a_call_is_to_be_made(status):
    taken = a(status, counselor=None).claimed_by("U_MORI", NOW, LATER)
    assert (taken.claim_expires_at is not None) == (taken.status in CALLING)

    given = a(status, counselor="U_SATO", handover_to="U_MORI").taken_over_by("U_MORI", NOW, LATER)
    assert (given.claim_expires_at is not None) == (status in CALLING)


def test_a_paused_one_is_claimed_by_nobody():
    with pytest.raises(TooLate):
        a(S.SUSPENDED, counselor=None).claimed_by("U_MORI", NOW, LATER)


def test_released_it_waits_with_all_it_has():
    heard = a(S.HEARING_DONE, next_action_on=TODAY, characteristics=("x",))
    given_back = heard.released()
    assert given_back.is_waiting
    assert (given_back.status, given_back.next_action_on, given_back.characteristics) == (
        S.HEARING_DONE,
        TODAY,
        ("x",),
    )
    assert a().released() == a()


def test_an_assignment_takes_it_from_whoever_has_it():
    assert a(S.CLAIMED).assigned_to("U_MORI", NOW, LATER).counselor == "U_MORI"
    held = a(S.CLAIMED)
    assert held.assigned_to("U_SATO", NOW, LATER) is held


# Handing over


def test_the_giver_keeps_it_until_the_taker_says_yes():
    offered = a(S.CLAIMED).offered_to("U_MORI")
    assert (offered.counselor, offered.handover_to) == ("U_SATO", "U_MORI")
    assert offered.taken_over_by("U_MORI", NOW, LATER).counselor == "U_MORI"
    assert offered.handover_declined("U_MORI").handover_to is None
    assert offered.handover_declined("U_SUZUKI") is offered


def test_nobody_takes_what_was_not_offered_to_them():
    with pytest.raises(TooLate):
        a(S.CLAIMED).offered_to("U_MORI").taken_over_by("U_SUZUKI", NOW, LATER)
    with pytest.raises(TooLate):
        a().offered_to("U_MORI")
    with pytest.raises(AlreadyTheirs):
        a(S.CLAIMED).offered_to("U_SATO")


# Calling


@pytest.mark.parametrize("outcome", sorted(NOT_REACHED))
@pytest.mark.parametrize("failures", range(1, 6))
def test_after_three_failures_a_coordinator_decides(outcome, failures):
    called = a(S.CLAIMED).called(outcome, failures)

    assert called.status is S.CALLBACK_PENDING
    assert called.needs_decision == (failures >= FAILED_CALLS_BEFORE_DECISION)
    assert called.claim_expires_at is None


@pytest.mark.parametrize("outcome", ["reached", "rescheduled", "declined"])
def test_somebody_who_answered_clears_the_failures(outcome):
    called = a(S.CALLBACK_PENDING, failed_calls=3, needs_decision=True).called(outcome, 3)
    assert (called.failed_calls, called.needs_decision) == (0, False)


@pytest.mark.parametrize("status", sorted(WAITING))
def test_a_call_before_anybody_claimed_leaves_it_waiting(status):
    called = a(status).called("no_answer", 1)
    assert called.is_waiting
    assert called.status is status


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("minutes", "outcomes", "counted"),
    [
        ((), (), 0),
        ((0,), ("no_answer",), 1),
        ((0, 10, 59), ("no_answer", "busy", "away"), 1),
        ((0, 60), ("no_answer", "busy"), 2),
        ((0, 50, 100), ("no_answer",) * 3, 2),
        ((0, 120, 240), ("no_answer", "reached", "no_answer"), 1),
        ((240, 0, 120), ("no_answer", "no_answer", "reached"), 1),
        ((0, 120, 240, 360), ("no_answer",) * 4, 4),
    ],
)
def test_failures_within_the_hour_are_one_and_an_answer_starts_anew(minutes, outcomes, counted):
    assert (
        distinct_failures(
            [(NOW + minute * MINUTE, outcome) for minute, outcome in zip(minutes, outcomes, strict=True)]
        )
        == counted
    )


TRIES = st.lists(
    st.tuples(st.integers(0, 10_000), st.sampled_from([*sorted(NOT_REACHED), "reached", "declined"])),
    max_size=20,
)


@given(TRIES)
def test_failures_never_outnumber_the_calls_and_their_order_does_not_matter(tries):
    attempts = [(NOW + minute * MINUTE, outcome) for minute, outcome in tries]
    counted = distinct_failures(attempts)
    assert 0 <= counted <= len(attempts)
    assert distinct_failures(list(reversed(attempts))) == counted


# Hearing and advising


@pytest.mark.parametrize("status", sorted(WAITING))
def test_nobody_writes_about_what_nobody_holds(status):
    with pytest.raises(ClaimFirst):
        ACTS["heard"][0](a(status))
    with pytest.raises(ClaimFirst):
        ACTS["advised"][0](a(status))


@pytest.mark.parametrize("status", sorted(CALLING))
def test_a_visit_is_written_after_the_hearing(status):
    with pytest.raises(HearingFirst):
        ACTS["advised"][0](a(status))


@pytest.mark.parametrize("act", ["heard", "advised"])
def test_a_next_action_lies_ahead(act):
    yesterday = TODAY - timedelta(days=1)
    c = a(S.HEARING_DONE)
    with pytest.raises(InThePast) as refused:
        if act == "heard":
            c.heard(concerns=(), characteristics=(), next_action_on=yesterday, today=TODAY)
        else:
            c.advised(yesterday, TODAY)
    assert refused.value.field == "next_on"
    assert ACTS[act][0](c).next_action_on == TODAY  # today is not the past


# Ending


def test_the_primary_result_stands_first_and_once():
    closed = a(S.ADVISING, next_action_on=TODAY).closed(NOW, dispositions=("x", "p"), primary="p", reason="r")
    assert closed.dispositions == ("p", "x")
    assert (closed.primary_disposition, closed.closing_reason, closed.ended_at) == ("p", "r", NOW)
    assert closed.next_action_on is None
    assert closed.counselor == "U_SATO"


@pytest.mark.parametrize("status", [S.CLOSED, S.WITHDRAWN, S.SUSPENDED])
def test_opened_again_it_waits_with_a_new_promise_and_its_history(status):
    again = a(status, characteristics=("x",), failed_calls=3, needs_decision=True, ended_at=NOW).reopened(
        LATER
    )
    assert again.is_waiting
    assert (again.promised_at, again.failed_calls, again.needs_decision, again.ended_at) == (
        LATER,
        0,
        False,
        None,
    )
    assert again.characteristics == ("x",)


@pytest.mark.parametrize("status", sorted(OPEN))
def test_a_merge_undone_is_again_what_it_was(status):
    before = a(status, claim_expires_at=LATER)
    merged = before.merged(a(id="other"), NOW)
    assert (merged.merged_into, merged.before) == ("other", status)

    assert merged.unmerged() == before


def test_nothing_is_merged_into_itself_or_into_what_is_over():
    with pytest.raises(NotFound):
        a().merged(a(), NOW)
    for ended in ENDED:
        with pytest.raises(TooLate):
            a().merged(a(ended, id="other"), NOW)


# Urgency


@pytest.mark.parametrize("urgency", ["u1", "u2", "u4", "u5"])
@pytest.mark.parametrize("hours", [-1, 0, 1])
def test_a_promise_comes_nearer_never_later(urgency, hours):
    changed = a().reclassified(urgency, LATER + timedelta(hours=hours))
    assert changed.promised_at == min(LATER, LATER + timedelta(hours=hours))
    assert changed.danger == (urgency == "u1")


def test_what_was_danger_stays_danger():
    assert a(urgency="u1", danger=True).reclassified("u4", LATER).danger


def test_the_same_urgency_changes_nothing():
    c = a()
    assert c.reclassified("u3", NOW) is c


@pytest.mark.parametrize(
    ("serial", "number"), [(1, "R8-0001"), (42, "R8-0042"), (9999, "R8-9999"), (10000, "R8-10000")]
)
def test_receipt_numbers(serial, number):
    assert receipt_number("R8", serial) == number
