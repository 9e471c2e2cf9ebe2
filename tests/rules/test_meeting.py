"""Which municipality has answered: one person who comes is enough, and silence is no answer."""

from datetime import UTC, datetime

import pytest

from bot.domain.meeting import NOWHERE, by_town, places
from bot.domain.seats import Participation, Place

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)


def part(person, status, municipality=None):
    named = f"of {person}"
    return Participation(
        named, "T", person or "p:1", person, "onsite", status, 1, NOW, municipality=municipality
    )


@pytest.mark.parametrize(
    ("statuses", "answer"),
    [
        ((), "open"),
        ((Place.LAPSED,), "open"),
        ((Place.DECLINED,), "cannot"),
        ((Place.CANCELLED, Place.LAPSED), "cannot"),
        ((Place.DECLINED, Place.WAITLISTED), "coming"),
        ((Place.OFFERED,), "coming"),
        ((Place.CONFIRMED, Place.DECLINED), "coming"),
    ],
)
def test_a_municipality_has_answered_when_one_of_its_people_has(statuses, answer):
    everybody = [part(f"U{n}", status, "252026") for n, status in enumerate(statuses)]

    found = by_town(everybody, [], {}, set(), ["252018", "252026"])

    assert found["252026"].answer == answer
    assert found["252018"].answer == "open"
    assert list(found) == ["252018", "252026"]


def test_people_are_counted_where_they_said_here_then_where_they_were_asked_for_then_where_they_said_before():
    everybody = [
        part("U1", Place.CONFIRMED, "252018"),
        part("U2", Place.CONFIRMED),
        part(None, Place.CONFIRMED),
    ]
    invited = {"U1": "252026", "U2": "252026", "U3": None, "U4": None}
    said = {"U1": "252034", "U2": "252034", "U3": "252034"}

    found = by_town(everybody, invited, places(everybody, invited, said), {"of U2"}, ())

    assert {code: (town.coming, town.open) for code, town in found.items()} == {
        "252018": (("U1",), ()),
        "252026": (("U2",), ()),
        "252034": ((), ("U3",)),
        NOWHERE: ((None,), ("U4",)),
    }
    assert list(found)[-1] == NOWHERE
    assert [town.there for town in found.values()] == [(), ("U2",), (), ()]


def test_who_waits_for_a_seat_comes_and_is_counted_apart():
    everybody = [part("U1", Place.WAITLISTED, "252026"), part("U2", Place.CONFIRMED, "252026")]

    (town,) = by_town(everybody, [], {}, set(), ()).values()

    assert len(town.coming) == 2
    assert town.waiting == 1
    assert town.anybody
