"""Records that are asked for, and the rules by which files of them are made: ours, and some that are weaker."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable

from bot.privacy.releases import (
    FACTS,
    Classes,
    Coded,
    Decided,
    Earlier,
    TooFewToTell,
    WouldGiveAway,
    classes_of,
    decided,
    overlapping,
)
from bot.privacy.uniqueness import PUBLIC_K
from tests.privacy.small_numbers import only_the_small

LISTS = {"theme": ["t1", "t2", "t3"], "region": ["r1", "r2", "r3"], "age_band": ["a1", "a2"], "sex": [], "household": [],
         "primary_disposition": []}  # fmt: skip
THEMES, REGIONS, AGES = ("t1", ""), ("r1", ""), ("a1", "")


def many(dice: random.Random, months: int = 8) -> dict[str, Coded]:
    """Records of some months; few have some of the codes. The month stands first in the id."""
    weights = {
        name: [dice.choice((1, 2, 8, 30)) for _ in range(4)] for name in ("theme", "region", "age_band")
    }
    found, size = {}, dice.choice((1, 1, 4, 12))
    for month in range(months):
        for n in range(size * dice.choice((0, 3, 12, 30, 60))):
            theme, region, age = (
                dice.choices((*LISTS[name], ""), weights[name][: len(LISTS[name]) + 1])[0] for name in weights
            )
            found[f"{month}.{n:04}"] = Coded(f"{month}.{n:04}", theme, region, age, "", "", "")
    return found


Rule = Callable[[Iterable[str], dict[str, Coded], list[Earlier]], Decided]


def ours(wanted, records, earlier):
    return decided(wanted, records, earlier, LISTS)


def each_for_itself(wanted, records, earlier):
    """No look at what was told before."""
    wanted = list(wanted)
    if len(wanted) < PUBLIC_K:
        raise TooFewToTell
    return Decided(classes_of([records[each] for each in wanted], LISTS))


def whatever_the_pieces(wanted, records, earlier):
    """The same classes as before, and no look at the pieces."""
    wanted = frozenset(wanted)
    touching = overlapping(wanted, earlier)
    return Decided(touching[0].classes) if touching else each_for_itself(wanted, records, earlier)


def nothing_joined(wanted, records, earlier):
    """The right look at earlier files, and lines in which only what is small goes together."""
    done = ours(wanted, records, earlier)
    chosen = [records[each] for each in wanted]
    if done.made_of or overlapping(frozenset(wanted), earlier):
        raise WouldGiveAway("-")
    within = set()
    for theme in {each.theme for each in chosen}:
        for fact in FACTS:
            numbers = defaultdict(int)
            for each in chosen:
                if each.theme == theme:
                    numbers[getattr(each, fact)] += 1
            if kept := only_the_small(numbers, PUBLIC_K):
                within.add((fact, theme, kept))
    return Decided(Classes(within=frozenset(within)))
