"""Who comes to the trainings of the made-up year, and what they say when they join."""

from dataclasses import dataclass, replace
from typing import Any

from bot.seed_words import Dice, read
from bot.usecases.seats import Joining

BY_SLACK = 0.95  # of the people of the practice workspace


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who comes: by Slack, or on the telephone with a name and a number. `said`: their codes."""

    said: Joining
    person: str | None = None


def guests_of(given: dict[str, Any], dice: Dice) -> list[Guest]:
    """People of the practice workspace first, then as many by telephone as come. `given`: a training as it is written."""
    known = [
        Guest(_said(given, dice, codes, by_slack=True), person)
        for person, codes in read("trainings")["people"].items()
        if dice.happens(BY_SLACK)
    ]
    more = max(0, given["people"] - len(known))
    return [*known[: given["people"]], *(on_the_phone(given, dice) for _ in range(more))]


def on_the_phone(given: dict[str, Any], dice: Dice) -> Guest:
    """Somebody without Slack."""
    shared, words = read("words"), read("trainings")
    field = dice.one(sorted(words["who"]))
    organization = dice.one(sorted(words["who"][field]))
    codes = {
        "name": f"{dice.one(shared['names'])} {dice.one(words['given'])}",
        "supporter_field": field,
        "organization_type": organization,
        "occupation": words["who"][field][organization],
        "municipality": dice.weighed(shared["municipalities"]),
    }
    said = _said(given, dice, codes, by_slack=False)
    phone = dice.one(shared["phones"]).format(n=dice.randrange(10_000))
    return Guest(replace(said, agency=dice.one(shared["agencies"]), phone=phone))


def _said(given: dict[str, Any], dice: Dice, codes: dict[str, str], *, by_slack: bool) -> Joining:
    """What is answered when joining. Who has no Slack gives a name."""
    words = read("trainings")
    questions = words["town_questions" if given["kind"] == "municipal_meeting" else "questions"]
    asks = "question" in given["asks"] and dice.happens(0.3)
    return Joining(
        format=dice.one(list(given["seats"])),
        supporter_field=codes["supporter_field"],
        organization_type=codes["organization_type"],
        occupation=codes["occupation"],
        municipality=codes["municipality"],
        name="" if by_slack else codes["name"],
        needs=dice.one(words["needs"]) if dice.happens(0.06) else "",
        question=dice.one(questions) if asks else "",
    )
