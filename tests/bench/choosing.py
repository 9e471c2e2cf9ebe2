"""How long it takes to judge every slot of a large poll: 20 people, 30 slots, beside what it takes to look at each answer once."""

import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.domain.choosing import Wanted, rank
from bot.domain.expert import Expert
from bot.domain.panel import Member
from bot.domain.review import Discipline, Says, Slot

PEOPLE, SLOTS, TIMES = 20, 30, 21
MOST = 100.0  # milliseconds
Row = tuple[str, str, str, str, bool]


def poll(dice: random.Random) -> tuple[list[Slot], list[Member], dict[tuple[str, str], Says], Wanted]:
    """A poll in which the budget is tight, so that the cheapest and the best are not the same."""
    nine = datetime(2026, 12, 1, tzinfo=UTC)
    slots = [
        Slot(nine + timedelta(days=n), nine + timedelta(days=n, minutes=90), f"s{n}") for n in range(SLOTS)
    ]
    members = [
        Member(
            Expert(f"u{n}", honorarium=dice.randrange(2000, 12000, 100)),
            list(Discipline)[n % 4],
            minutes=dice.randrange(0, 3000, 10),
        )
        for n in range(PEOPLE)
    ]
    said = {(slot.id, each.staff): dice.choice([Says.YES, Says.MAYBE]) for slot in slots for each in members}
    quorum = {str(each): 2 for each in Discipline}
    return slots, members, said, Wanted(frozenset(), quorum, 90, 80_000)


def rows() -> list[Row]:
    """Measure, and give the line of the table."""
    slots, members, said, wanted = poll(random.Random(1))
    floor = _milliseconds(lambda: [said[slot.id, each.staff] for slot in slots for each in members])
    ours = _milliseconds(lambda: rank(slots, members, said, wanted))
    return [
        (
            f"検討会の候補をくらべる（{PEOPLE}人、{SLOTS}候補、{TIMES}回の中央値）",
            f"{floor:.2f} ms（答えをひととおり見る）",
            f"{ours:.1f} ms（床の {ours / floor:.0f} 倍、目標の {ours / MOST:.2f} 倍）",
            f"{MOST:.0f} ms 以下",
            ours <= MOST,
        )
    ]


def _milliseconds(act: Callable[[], object]) -> float:
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        act()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)
