"""同意: what it covers, until when, and what is left of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.agreement import (
    Agreement,
    AgreementEnded,
    Answer,
    Consent,
    OutsideScope,
    UntilWhen,
    Withdrawal,
    consent_of,
    standing,
)
from bot.domain.refusals import Missing

DAY = date(2026, 11, 24)
YES = Agreement(
    "a", "c", Answer.GIVEN, "person", "written", None, ("theme", "trouble"), ("r1", "r2"), DAY,
    DAY + timedelta(days=90), "U_SATO", DAY,
)  # fmt: skip
NO = replace(YES, id="n", answer=Answer.REFUSED, fields=(), receivers=())
ALL = Withdrawal(DAY, "oral")


@pytest.mark.parametrize(
    ("agreement", "day", "state"),
    [
        (YES, DAY - timedelta(days=1), Consent.LATER),
        (YES, DAY, Consent.STANDING),
        (YES, DAY + timedelta(days=90), Consent.STANDING),
        (YES, DAY + timedelta(days=91), Consent.OVER),
        (NO, DAY, Consent.REFUSED),
        (replace(NO, answer=Answer.UNABLE), DAY, Consent.UNABLE),
        (YES.withdrawn(ALL), DAY, Consent.WITHDRAWN),
        (YES.withdrawn(ALL), DAY + timedelta(days=91), Consent.WITHDRAWN),
    ],
)
def test_it_stands_from_its_first_day_to_its_last(agreement, day, state):
    assert agreement.on(day) is state


def test_nothing_goes_beyond_what_was_agreed_to():
    YES.must_cover(("trouble",), ("r1",), DAY)
    for fields, receivers in (
        (("wish",), ("r1",)),
        (("trouble",), ("r3",)),
        (("trouble", "wish"), ("r1", "r2")),
    ):
        with pytest.raises(OutsideScope):
            YES.must_cover(fields, receivers, DAY)
    with pytest.raises(AgreementEnded):
        YES.must_cover(("trouble",), ("r1",), DAY + timedelta(days=91))
    with pytest.raises(AgreementEnded):
        YES.withdrawn(ALL).must_cover((), (), DAY)


def test_a_part_can_be_taken_back_and_the_rest_stands():
    left = YES.withdrawn(Withdrawal(DAY, "oral", receivers=frozenset({"r1"})))
    assert (left.receivers, left.fields, left.on(DAY)) == (("r2",), YES.fields, Consent.STANDING)
    left = YES.withdrawn(Withdrawal(DAY, "oral", fields=frozenset({"theme"})))
    assert (left.receivers, left.fields) == (YES.receivers, ("trouble",))


@pytest.mark.parametrize("part", [{"receivers": frozenset({"r1", "r2"})}, {"fields": frozenset(YES.fields)}])
def test_where_nothing_is_left_it_is_taken_back_whole(part):
    assert YES.withdrawn(Withdrawal(DAY, "oral", **part)).on(DAY) is Consent.WITHDRAWN


def test_what_a_withdrawal_touches_is_what_went_there_or_held_it():
    assert ALL.touches("r9", ())
    one = Withdrawal(DAY, "oral", receivers=frozenset({"r1"}), fields=frozenset({"theme"}))
    assert one.touches("r1", ("trouble",))
    assert one.touches("r2", ("theme",))
    assert not one.touches("r2", ("trouble",))


def test_a_no_after_a_yes_counts_and_a_yes_after_a_no_too():
    assert consent_of([], DAY) is Consent.NONE
    assert consent_of([YES, NO], DAY) is Consent.REFUSED
    assert standing([YES, NO], DAY) == []
    assert consent_of([NO, YES], DAY) is Consent.STANDING
    assert consent_of([YES.withdrawn(ALL)], DAY) is Consent.WITHDRAWN
    assert consent_of([YES.withdrawn(ALL), YES], DAY) is Consent.STANDING


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"who": ""}, Missing), ({"how": ""}, Missing), ({"fields": ()}, Missing), ({"receivers": ()}, Missing),
        ({"how": "proxy"}, Missing), ({"relation": "guardian"}, Missing),
        ({"until": DAY - timedelta(days=1)}, UntilWhen), ({"until": DAY + timedelta(days=400)}, UntilWhen),
        ({"given_on": DAY + timedelta(days=1)}, UntilWhen),
    ],
)  # fmt: skip
def test_what_is_missing_or_cannot_be_is_refused(changes, refused):
    assert YES.checked(DAY) == YES
    with pytest.raises(refused):
        replace(YES, **changes).checked(DAY)


def test_a_no_needs_neither_scope_nor_receiver():
    assert replace(YES, answer=Answer.REFUSED, how="").checked(DAY).fields == ()
