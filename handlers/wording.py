"""Words people typed, before they are kept: what looks like a name is offered masked, in one click."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.usecases.desk import Identified
from handlers.forms import Answers, Form, Option
from handlers.replies import Offer

KEEP = "keep"
EARLIER = "earlier"
BETWEEN = "/"
MARK = "、"
LONGEST = 150
Draw = Callable[[Answers, int, Mapping[str, str]], Form]


def kept(answers: Answers) -> frozenset[str]:
    """Give the surfaces a person said are nobody's name."""
    return frozenset(surface for _, surfaces in _chosen(answers) for surface in surfaces)


def unmasked(answers: Answers, *fields: str) -> Answers:
    """Put back, in these fields, what the person said is nobody's name."""
    values = dict(answers.values)
    for place, surfaces in _chosen(answers):
        name, _, token = place.partition(".")
        if name in fields and values.get(name):
            values[name] = _put_back(values[name], token, surfaces)
    return replace(answers, values=values)


def _chosen(answers: Answers) -> list[tuple[str, list[str]]]:
    """What was chosen to be put back: `field.token`, and the surfaces it stands for there, in order."""
    pairs = (each.split("=", 1) for each in answers.chosen(KEEP) if "=" in each)
    return [(place, surfaces.split(BETWEEN)) for place, surfaces in pairs]


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
    """Give the answers with what was found masked, and which token stands for which surfaces in which field.

    A token belongs to its field: A in the one may be somebody else than A in the other. What was put back in an
    earlier round stays chosen, and stands for no token any more.
    """
    earlier = {f"{EARLIER}.{n}": BETWEEN.join(surfaces) for n, (_, surfaces) in enumerate(_chosen(answers))}
    values = dict(answers.values) | {KEEP: [_value(*each) for each in earlier.items()]}
    hidden: dict[str, list[str]] = {}
    for name, seen in refused.found.items():
        values[name] = seen.masked
        for span in seen.spans:
            if span.label == "PERSON" and span.token:
                hidden.setdefault(f"{name}.{span.token}", []).append(seen.text[span.start : span.end])
    found = {place: BETWEEN.join(_fitting(place, surfaces)) for place, surfaces in hidden.items()}
    return replace(answers, values=values), earlier | found


def asking_to_keep(form: Form, found: Mapping[str, str]) -> Form:
    """Say what was done to the words, and let the person put back what is no name."""
    form.retitled("masked").note("forms/masked", places=len(found))
    options: list[Option] = [
        (_value(place, surfaces), MARK.join(dict.fromkeys(surfaces.split(BETWEEN)))[:75])
        for place, surfaces in found.items()
    ]
    if options:
        form.choices(KEEP, options[:10], optional=True, boxes=True)
    return form


def _value(place: str, surfaces: str) -> str:
    return f"{place}={surfaces}"[:LONGEST]


def _fitting(place: str, surfaces: list[str]) -> list[str]:
    """The surfaces in the order they stood; where that is too long for a button, each once, or the first."""
    for fewer in (surfaces, list(dict.fromkeys(surfaces))):
        if len(_value(place, BETWEEN.join(fewer))) < LONGEST:
            return fewer
    return surfaces[:1]


def _put_back(text: str, token: str, surfaces: list[str]) -> str:
    """Put the surfaces where the token stands, one after the other; the last one wherever it stands again."""
    left = iter(surfaces)

    def one(_: re.Match[str]) -> str:
        return next(left, surfaces[-1])

    return re.sub(rf"(?<![A-Za-z0-9]){re.escape(token)}(?![A-Za-z0-9])", one, text)


def typed(text: str) -> str:
    """Give what somebody typed where Slack brings it with three characters escaped: a message, a command."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
