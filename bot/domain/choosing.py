"""Which slot of a poll, and with whom: every slot is judged under the rules of its review, and says why it fails. Pure rules.

Of all groups that would do at a slot, the smallest is chosen: everybody required, and of each discipline as many as the
quorum wants. Among groups of that size, first the one with the fewest △, then with the fewest minutes sat in this fiscal
year, then the cheapest. As all three only add up person by person, the best groups of each size can be grown one person
at a time: nothing that is thrown away on the way could have become better.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from bot.domain.panel import Member
from bot.domain.review import Discipline, Says, Slot

Cost = tuple[int, int, int]  # △, minutes sat so far, yen
FREE: Cost = (0, 0, 0)
WEIGHT = {Says.YES: 2, Says.MAYBE: 1, Says.NO: 0}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a review asks of a slot. `budget`: yen for honoraria in all, or None."""

    required: frozenset[str]
    quorum: Mapping[str, int]
    minutes: int
    budget: int | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a slot fails: `code` of `bot/codes/review_failures.json`, with whom it is about or what is missing.

    `why`: what speaks against those people (code of review_conflicts). `short`: discipline → how many are missing;
    `over`: yen beyond the budget.
    """

    code: str
    people: tuple[str, ...] = ()
    why: str | None = None
    short: Mapping[str, int] | None = None
    over: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """A slot as it was judged. `chosen`: with whom it would be held, `welcome`: who may come as well within the budget.

    `maybes`: how many of those chosen said △; `coming`: what all answers of those who may come weigh. `yen`: for those
    chosen, `most_yen`: if everybody who is welcome comes.
    """

    slot: Slot
    chosen: tuple[str, ...] = ()
    welcome: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    maybes: int = 0
    minutes: int = 0
    yen: int = 0
    coming: int = 0
    most_yen: int = 0

    @property
    def holds(self) -> bool:
        """Whether it can be held then."""
        return not self.failures


Answers = Mapping[tuple[str, str], Says]  # (slot, staff) → ○ △ ×


def rank(slots: Iterable[Slot], members: Sequence[Member], answers: Answers, wanted: Wanted) -> list[Choice]:
    """Judge every slot that stands; those at which it can be held come first, the best of them first."""
    judged = [judge(each, members, answers, wanted) for each in slots if not each.withdrawn]
    return sorted(
        judged,
        key=lambda one: (not one.holds, one.maybes, -one.coming, one.minutes, one.yen, one.slot.starts_at),
    )


def judge(slot: Slot, members: Sequence[Member], answers: Answers, wanted: Wanted) -> Choice:
    """Choose with whom it would be held at this slot, or say everything that stands against it."""
    said = {each.staff: answers.get((slot.id, each.staff)) for each in members}
    can = [each for each in members if _why_not(each, said[each.staff], slot) is None]
    needed = [each for each in can if each.staff in wanted.required]
    failures = list(_required(members, said, slot, wanted))
    if not can:
        failures.append(Failure("nobody"))
    elif missing := _short(can, wanted):
        failures.append(Failure("short", short=missing))
    if failures:
        return Choice(slot, failures=tuple(failures))
    costs = {each.staff: cost(each, said[each.staff], wanted.minutes) for each in can}
    groups = _groups(can, needed, costs, wanted)
    base = _sum(costs[each.staff] for each in needed)
    cheapest = min(base[2] + yen for _, yen, _ in groups)
    within = [each for each in groups if wanted.budget is None or base[2] + each[1] <= wanted.budget]
    if not within:
        return Choice(slot, failures=(Failure("budget", over=cheapest - (wanted.budget or 0)),))
    best, _, added = min(within, key=lambda each: each[0])
    whole = tuple(map(sum, zip(base, best, strict=True)))
    chosen = {*added, *(each.staff for each in needed)}
    welcome = _welcome([each for each in can if each.staff not in chosen], costs, whole[2], wanted.budget)
    coming = sum(WEIGHT[said[each] or Says.NO] for each in (*chosen, *welcome))
    most = whole[2] + sum(costs[each][2] for each in welcome)
    return Choice(slot, tuple(sorted(chosen)), welcome, (), whole[0], whole[1], whole[2], coming, most)


def cost(member: Member, said: Says | None, minutes: int) -> Cost:
    """What it takes to have somebody: a △, what they have sat already, and their honorarium, to the next yen."""
    return (int(said is Says.MAYBE), member.minutes, -(-member.yen * minutes // 60))


def _why_not(member: Member, said: Says | None, slot: Slot) -> str | None:
    """Why somebody cannot be chosen for a slot, as it stands in the codes after `required_`; None: they can."""
    if member.conflict:
        return "conflict"
    if member.taken(slot.starts_at, slot.ends_at):
        return "busy"
    if said is None:
        return "silent"
    return "no" if said is Says.NO else None


def _required(
    members: Sequence[Member], said: Mapping[str, Says | None], slot: Slot, wanted: Wanted
) -> Iterable[Failure]:
    about: dict[tuple[str, str], list[str]] = {}
    for each in members:
        if each.staff in wanted.required and (why := _why_not(each, said[each.staff], slot)):
            about.setdefault((why, each.conflict or ""), []).append(each.staff)
    return (
        Failure(f"required_{why}", tuple(sorted(people)), conflict or None)
        for (why, conflict), people in sorted(about.items())
    )


def _short(can: Sequence[Member], wanted: Wanted) -> dict[str, int]:
    there = [str(each.discipline) for each in can]
    missing = {name: many - there.count(name) for name, many in sorted(wanted.quorum.items())}
    return {name: many for name, many in missing.items() if many > 0}


Group = tuple[Cost, int, tuple[str, ...]]  # what it costs, its yen, who


def _groups(
    can: Sequence[Member], needed: Sequence[Member], costs: Mapping[str, Cost], wanted: Wanted
) -> list[Group]:
    """The smallest groups that fill the quorum beside those required; of equal yen or more, only the better ones."""
    by_discipline = []
    for discipline in Discipline:
        there = [each for each in can if each.discipline is discipline]
        open_ = wanted.quorum.get(discipline, 0) - sum(each in needed for each in there)
        if open_ > 0:
            others = [each for each in there if each not in needed]
            by_discipline.append(_of_one(others, open_, costs))
    groups: list[Group] = [(FREE, 0, ())]
    for more in by_discipline:
        groups = _better(_joined(one, other) for one, other in product(groups, more))
    return groups


def _of_one(others: Sequence[Member], many: int, costs: Mapping[str, Cost]) -> list[Group]:
    """The best groups of exactly so many, grown person by person."""
    grown: list[list[Group]] = [[(FREE, 0, ())], *([] for _ in range(many))]
    for each in sorted(others, key=lambda one: (costs[one.staff], one.staff)):
        person: Group = (costs[each.staff], costs[each.staff][2], (each.staff,))
        for size in range(many, 0, -1):
            grown[size] = _better([*grown[size], *(_joined(one, person) for one in grown[size - 1])])
    return grown[many]


def _joined(one: Group, other: Group) -> Group:
    return (_sum((one[0], other[0])), one[1] + other[1], one[2] + other[2])


def _better(groups: Iterable[Group]) -> list[Group]:
    """Leave out a group for which another costs less and takes no more yen."""
    kept: list[Group] = []
    for each in sorted(groups, key=lambda one: (one[1], one[0], one[2])):
        if not kept or each[0] < kept[-1][0]:
            kept.append(each)
    return kept


def _sum(costs: Iterable[Cost]) -> Cost:
    a = b = c = 0
    for each in costs:
        a, b, c = a + each[0], b + each[1], c + each[2]
    return (a, b, c)


def _welcome(
    others: Sequence[Member], costs: Mapping[str, Cost], spent: int, budget: int | None
) -> tuple[str, ...]:
    found = []
    for each in sorted(others, key=lambda one: (costs[one.staff], one.staff)):
        yen = costs[each.staff][2]
        if budget is None or spent + yen <= budget:
            found.append(each.staff)
            spent += yen
    return tuple(found)


def open_at(members: Sequence[Member], start: datetime, end: datetime) -> list[Member]:
    """Those who could be asked to step in at that time, who have sat least first."""
    can = [each for each in members if each.conflict is None and each.free(start, end)]
    return sorted(can, key=lambda one: (one.minutes, one.yen, one.staff))
