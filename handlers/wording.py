"""Words people typed, before they are kept: what looks like a name is offered masked, in one click."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.usecases.desk import Identified
from handlers.forms import Answers, Form, Option
from handlers.replies import Offer

KEEP = "keep"
Draw = Callable[[Answers, int, Mapping[str, str]], Form]


def kept(answers: Answers) -> frozenset[str]:
    """Give the surfaces a person said are nobody's name."""
    return frozenset(each.split("=", 1)[1] for each in answers.chosen(KEEP) if "=" in each)


def unmasked(answers: Answers, *fields: str) -> Answers:
    """Put back, in these fields, what the person said is nobody's name."""
    values = dict(answers.values)
    for pair in answers.chosen(KEEP):
        token, surface = pair.split("=", 1)
        for name in fields:
            if values.get(name):
                values[name] = _put_back(values[name], token, surface)
    return replace(answers, values=values)


async def offering(act: Awaitable[Any], answers: Answers, draw: Draw) -> Any:
    """Do the act; where words point at a person, raise the same form again with those words masked.

    `draw(answers, round, found)` draws the form: `found` maps each token to the surface it stands for,
    for `asking_to_keep`.
    """
    try:
        return await act
    except Identified as refused:
        masked, found = masked_in(answers, refused)
        raise Offer(draw(masked, answers.round + 1, found).view()) from None


def masked_in(answers: Answers, refused: Identified) -> tuple[Answers, dict[str, str]]:
    """Give the answers with what was found masked, and which token stands for which name."""
    values = dict(answers.values)
    found = dict(pair.split("=", 1) for pair in answers.chosen(KEEP))
    for name, seen in refused.found.items():
        values[name] = seen.masked
        for span in seen.spans:
            if span.label == "PERSON" and span.token:
                found[span.token] = seen.text[span.start : span.end]
    return replace(answers, values=values), found


def asking_to_keep(form: Form, found: Mapping[str, str]) -> Form:
    """Say what was done to the words, and let the person put back what is no name."""
    form.retitled("masked").note("forms/masked", places=len(found))
    options: list[Option] = [(f"{token}={surface}"[:150], surface[:75]) for token, surface in found.items()]
    if options:
        form.choices(KEEP, options[:10], optional=True, boxes=True)
    return form


def _put_back(text: str, token: str, surface: str) -> str:
    return re.sub(rf"(?<![A-Za-z0-9]){re.escape(token)}(?![A-Za-z0-9])", lambda _: surface, text)
