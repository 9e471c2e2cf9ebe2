"""会議: which municipalities are expected, and how each has answered. Pure rules."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from bot.domain.seats import IN, Participation, Place

CANNOT = frozenset({Place.DECLINED, Place.CANCELLED})
NOWHERE = ""  # of these people nobody said where they come from

People = tuple[str | None, ...]  # Slack user ids; None: somebody without Slack


@dataclass(frozen=True, slots=True)
class Town:
    """One municipality at a meeting (`NOWHERE`: not said which), and its people by what they answered.

    `open`: asked to come and silent, or let an offered seat go by. `there`: who was at it, whatever they answered.
    """

    code: str
    coming: People = ()
    waiting: int = 0  # of those who come, how many have no seat yet
    cannot: People = ()
    open: People = ()
    there: People = ()

    @property
    def answer(self) -> str:
        """coming, cannot or open: one person who comes is enough."""
        if self.coming:
            return "coming"
        return "cannot" if self.cannot else "open"

    @property
    def anybody(self) -> bool:
        """Whether anybody of it was asked, or answered."""
        return bool(self.coming or self.cannot or self.open)


def places(
    everybody: Iterable[Participation], invited: Mapping[str, str | None], said: Mapping[str, str]
) -> dict[str, str]:
    """Whom each person answers for: what they said here, else for whom they were asked, else what they said before."""
    found = dict(said)
    found |= {person: place for person, place in invited.items() if place}
    found |= {each.person: each.municipality for each in everybody if each.person and each.municipality}
    return found


def by_town(
    everybody: Iterable[Participation],
    invited: Collection[str],
    place_of: Mapping[str, str],
    there: Collection[str],
    expected: Iterable[str],
) -> dict[str, Town]:
    """How each municipality has answered: first the expected ones in their order, then others, `NOWHERE` last.

    `there`: ids of the participations of those who were at it.
    """
    lists: dict[str, dict[str, list[str | None]]] = {code: _empty() for code in expected}
    waiting: dict[str, int] = {}
    heard: set[str | None] = set()
    for each in everybody:
        heard.add(each.person)
        code = each.municipality or place_of.get(each.person or "", NOWHERE)
        town = lists.setdefault(code, _empty())
        town["coming" if each.status in IN else "cannot" if each.status in CANNOT else "open"].append(
            each.person
        )
        waiting[code] = waiting.get(code, 0) + (each.status in IN and each.status is not Place.CONFIRMED)
        if each.id in there:
            town["there"].append(each.person)
    for person in invited:
        if person not in heard:
            lists.setdefault(place_of.get(person, NOWHERE), _empty())["open"].append(person)
    if NOWHERE in lists:
        lists[NOWHERE] = lists.pop(NOWHERE)
    return {
        code: Town(
            code, waiting=waiting.get(code, 0), **{name: tuple(people) for name, people in town.items()}
        )
        for code, town in lists.items()
    }


def _empty() -> dict[str, list[str | None]]:
    return {"coming": [], "cannot": [], "open": [], "there": []}
