"""The made-up words and weights of the synthetic year, and dice that always fall the same way for one seed."""

import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from bot.messages import TEMPLATES

FOLDER = TEMPLATES / "seed"
T = TypeVar("T")
LACKING = 0.4  # of the hearings, something was


@cache
def read(name: str) -> dict[str, Any]:
    """Read one of the files of `templates/seed`."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


class Dice(random.Random):
    """Chances as the lives need them. The same seed throws the same."""

    def weighed(self, weights: Mapping[str, float]) -> str:
        """One of the codes, by its weight."""
        return self.choices(list(weights), list(weights.values()))[0]

    def several(self, weights: Mapping[str, float], least: int, most: int) -> tuple[str, ...]:
        """Some of the codes, each once, the weightier the likelier."""
        left, found = dict(weights), []
        for _ in range(min(self.randint(least, most), len(left))):
            code = self.weighed(left)
            found.append(code)
            del left[code]
        return tuple(found)

    def happens(self, chance: float) -> bool:
        """Whether something of this chance (0 to 1) happens."""
        return self.random() < chance

    def one(self, things: Sequence[T]) -> T:
        """Any of them."""
        return things[self.randrange(len(things))]


@dataclass(frozen=True, slots=True)
class Case:
    """What somebody brings: codes that go together, and words about it."""

    kind: str
    supporter_field: str
    organization_type: str
    occupation: str
    concerns: tuple[str, ...]
    characteristics: tuple[str, ...]
    story: str
    formulation: str
    advices: tuple[str, ...]


def a_case(dice: Dice, kinds: Mapping[str, float]) -> Case:
    """Make up a case of one of these kinds."""
    shared, kind = read("words"), dice.weighed(kinds)
    given = read("cases")[kind]
    parts = (dice.one(shared["openings"]), dice.one(given["scenes"]), dice.one(given["troubles"]))
    return Case(
        kind=kind,
        supporter_field=dice.weighed(given["fields"]),
        organization_type=dice.weighed(given["organizations"]),
        occupation=dice.weighed(given["occupations"]),
        concerns=dice.several(given["concerns"], 1, 4),
        characteristics=dice.several(given["characteristics"], 1, 5),
        story="".join((*parts, dice.one(shared["asks"]))),
        formulation=dice.one(given["formulations"]),
        advices=tuple(dice.sample(given["advice"], len(given["advice"]))),
    )


def lacking(name: str) -> tuple[str, ...]:
    """What was lacking in the hearing of this name, by dice of its own."""
    dice = Dice(f"{name}:lacking")
    return dice.several(read("directory")["lacking"], 1, 3) if dice.happens(LACKING) else ()


def kinds_of_cases() -> dict[str, float]:
    """Every kind of case with its weight."""
    return {name: float(given["weight"]) for name, given in read("cases").items()}
