"""Words people typed, before they are kept: what looks like a name is offered masked, in one click."""

import json
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot import messages
from bot.privacy.anonymizer import Anonymized, Known, Label, Span
from bot.privacy.anonymizer.found import KEEPABLE
from bot.privacy.anonymizer.plain import same
from bot.privacy.namesakes import Namesakes
from bot.usecases.case_names import Confirmed, lasting, standing
from bot.usecases.desk import Identified, no_my_number
from handlers.forms import BOXES, OPTIONS, WORDS, Answers, Form, Option, packed
from handlers.replies import Offer

# The answers of ours in a form that came back: boxes, what found no room among them, what may be a name, names besides.
KEEP, REST, HINTS, MORE = "keep", "keep_rest", "may_be_names", "more_names"
OURS = frozenset({KEEP, REST, HINTS, MORE})
NAMED = 200  # characters of the names somebody adds
BETWEEN = re.compile(r"[、，,;；/／\s]+")
HONOUR = re.compile("(?:さん|さま|様|くん|君|ちゃん|氏)$")
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
TYPED = "-"  # in the order of what stood where: this one stood there before


@dataclass(frozen=True, slots=True)
class Place:
    """What one box stands for. `token` "": it was put back in an earlier round.

    `order`: for each field, which of the surfaces stood where the token stands, one after the other; the last one
    wherever it stands again.
    """

    token: str
    label: Label
    surfaces: tuple[str, ...]
    order: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, value: str) -> "Place | None":
        """Read the value of a box."""
        try:
            token, label, surfaces, order = json.loads(value)
            return cls(token, Label(label), tuple(surfaces), dict(order))
        except (ValueError, TypeError):
            return None

    @property
    def value(self) -> str | None:
        """The value of its box: as much as fits. None: it has no room for a single surface."""
        fewer = [
            replace(self, surfaces=self.surfaces[:n], order={}) for n in range(len(self.surfaces), 0, -1)
        ]
        told = (packed(each.token, each.label.value, each.surfaces, each.order) for each in (self, *fewer))
        return next((each for each in told if each), None)

    @property
    def names(self) -> Iterator[Known]:
        """The surfaces with what stands for them."""
        return (Known(surface, self.label, lasting(self.token)) for surface in self.surfaces)


@dataclass(frozen=True, slots=True)
class Masked:
    """What the desk asks about a form whose words were masked: boxes, and how many finds have none.

    `kinds`: labels of everything that is new; `before`: how many names were masked that the case knows already.
    `namesakes`: surnames that may be several people's.
    """

    boxes: tuple[Option, ...] = ()
    rest: tuple[Option, ...] = ()
    hints: tuple[Option, ...] = ()
    kinds: frozenset[str] = frozenset()
    unasked: int = 0
    namesakes: tuple[Namesakes, ...] = ()
    before: int = 0


Draw = Callable[[Answers, int, Masked], Form]


def confirmed(answers: Answers) -> Confirmed:
    """Give what the person said about names, by leaving, ticking and adding. Raises `TwelveDigits`."""
    added = [each for place in _places(answers.chosen(HINTS)) for each in place.surfaces] + _added(answers)
    no_my_number({MORE: str(answers.values.get(MORE) or "")})
    return Confirmed(
        kept=kept(answers),
        names=tuple(name for place in _left(answers) for name in place.names),
        added=tuple(dict.fromkeys(added)),
    )


def confirmed_for_good(answers: Answers, *fields: str) -> Confirmed:
    """The same for words that stay: what is nobody's name is so where it was shown, not where it was typed since."""
    return replace(confirmed(answers), kept=_kept_as_shown(answers, *fields))


def _kept_as_shown(answers: Answers, *fields: str) -> frozenset[str]:
    began = {name: answers.began.get(name, "") for name in fields}
    now, then = (
        unmasked(answers, *fields),
        unmasked(replace(answers, values={**answers.values, **began}), *fields),
    )
    return frozenset(
        surface
        for surface in kept(answers)
        if all(_stands(now, name, surface) <= _stands(then, name, surface) for name in fields)
    )


def _stands(answers: Answers, name: str, surface: str) -> int:
    """How often it stands in a field, however it is spelled."""
    return same(str(answers.values.get(name) or "")).count(same(surface))


def kept(answers: Answers) -> frozenset[str]:
    """Give the surfaces a person said are nobody's name."""
    return frozenset(surface for _, place in _ticked(answers) for surface in place.surfaces)


def unmasked(answers: Answers, *fields: str) -> Answers:
    """Put back, in these fields, what the person said is nobody's name."""
    values = dict(answers.values)
    for _, place in _ticked(answers):
        for name in fields if place.token else ():
            if values.get(name) and (name in place.order or not place.order):
                values[name] = _put_back(str(values[name]), place, place.order.get(name, "0"))
    return replace(answers, values=values)


def plain(answers: Answers) -> dict[str, Any]:
    """Give the answers without ours: a draft keeps what was typed, not what was said about it."""
    return {name: value for name, value in answers.values.items() if name not in OURS}


async def offering(act: Awaitable[Any], answers: Answers, draw: Draw) -> Any:
    """Do the act; where words point at a person, raise the same form again with those words masked.

    `draw(answers, round, found)` draws the form: `found` is for `asking_to_keep`.
    """
    try:
        return await act
    except Identified as refused:
        masked, found = masked_in(answers, refused)
        raise Offer(draw(masked, answers.round + 1, found).view()) from None


def masked_in(answers: Answers, refused: Identified) -> tuple[Answers, Masked]:
    """Give the answers with what was found masked, and what is asked about it.

    What was put back in an earlier round stays chosen, and stands for no token any more; what was left masked in one can
    still be put back.
    """
    again = {same(surface) for seen in refused.found.values() for surface in seen.surfaces}
    earlier = [
        replace(place, token="", order={})
        for _, place in _ticked(answers)
        if again.isdisjoint(map(same, place.surfaces))
    ]
    known = _known_before(refused)
    places, alone = _grouped(refused, known)
    places = _carried(_left(answers), places)
    options = [
        *((value, _said(each)) for each in earlier if (value := each.value)),
        *((value, _said(each)) for each in places if (value := each.value)),
    ]
    ticked = [each for each in (place.value for place in earlier) if each]
    hints = _hinted(refused)
    values = {
        **answers.values,
        **{name: seen.masked for name, seen in refused.found.items()},
        KEEP: ticked,
        REST: ticked,
        HINTS: [value for value, _ in hints if value in answers.chosen(HINTS)],
        MORE: _not_found(answers, refused),
    }
    found = Masked(
        boxes=tuple(options[:BOXES]),
        rest=tuple(options[BOXES : BOXES + OPTIONS]),
        hints=hints,
        kinds=frozenset(
            span.label.value
            for seen in refused.found.values()
            for span in seen.spans
            if span.token not in known
        ),
        unasked=alone + max(0, len(options) - BOXES - OPTIONS),
        namesakes=refused.namesakes,
        before=len(known),
    )
    return replace(answers, values=values), found


def _known_before(refused: Identified) -> frozenset[str]:
    """What stands for names that were confirmed before, and for nothing else that was found."""
    stands: dict[str, set[str]] = {}
    for seen in refused.found.values():
        for span in seen.spans:
            stands.setdefault(span.token, set()).add(same(seen.text[span.start : span.end]))
    return frozenset(token for token, surfaces in stands.items() if token and surfaces <= refused.before)


def asking_to_keep(form: Form, found: Masked, *, stays: bool = False) -> Form:
    """Say what was done to the words; let the person put back what is no name, and name what was not found.

    `stays`: in the record that stays.
    """
    return keeping(explained(form, found, stays=stays), found)


def explained(form: Form, found: Masked, *, stays: bool = False) -> Form:
    """Say what was done to the words, above them."""
    told = {"kinds": found.kinds, "unasked": found.unasked, "before": found.before, "stays": stays}
    return form.retitled("masked").note("forms/masked", **told)


def keeping(form: Form, found: Masked) -> Form:
    """The same boxes without a word about them, in a form that was drawn with masked words from the start."""
    form.also("masked")
    if found.namesakes:
        form.note("forms/namesakes", namesakes=found.namesakes[:BOXES])
    if found.boxes:
        form.choices(KEEP, found.boxes, optional=True, boxes=True)
    if found.rest:
        form.choices(REST, found.rest, optional=True)
    if found.hints:
        form.choices(HINTS, found.hints, optional=True, boxes=True)
    return form.text(MORE, optional=True, limit=NAMED)


def _ticked(answers: Answers) -> list[tuple[str, Place]]:
    """What was chosen to be put back, with what tells it from the others."""
    found = _places((*answers.chosen(KEEP), *answers.chosen(REST)))
    return list({_id(place): place for place in found}.items())


def _left(answers: Answers) -> list[Place]:
    """What was offered to be put back, and was left masked."""
    back = {place for place, _ in _ticked(answers)}
    offered = [place for name in (KEEP, REST) for place in _places(answers.shown.get(name, ()))]
    return [place for place in offered if place.token and _id(place) not in back]


def _carried(before: list[Place], now: list[Place]) -> list[Place]:
    """What was left masked in an earlier round, and what was found in this one; the same name found again is one."""
    new = {place.token: place for place in now}
    other = {surface: place.token for place in now for surface in place.surfaces}
    before = [
        each for each in before if all(other.get(one, each.token) == each.token for one in each.surfaces)
    ]
    carried = [_again(place, new.pop(place.token)) if place.token in new else place for place in before]
    return [*carried, *new.values()]


def _again(before: Place, now: Place) -> Place:
    """A name that was masked before and typed again: what stood there typed is what was masked then."""
    surfaces = tuple(dict.fromkeys((*before.surfaces, *now.surfaces)))
    order = dict(before.order)
    for name, marks in now.order.items():
        then = list(before.order.get(name, TYPED))
        found = ""
        for mark in marks:
            if mark == TYPED:
                found += then.pop(0) if len(then) > 1 else then[0]
            else:
                found += DIGITS[surfaces.index(now.surfaces[DIGITS.index(mark)])]
        order[name] = found + ("".join(then) if marks[-1] == TYPED else "")
    return Place(before.token, before.label, surfaces, order)


def _id(place: Place) -> str:
    return f"{place.token}/{'/'.join(place.surfaces)}"


def _places(values: Iterable[str]) -> list[Place]:
    return [place for value in values if (place := Place.of(value))]


def _grouped(refused: Identified, known: frozenset[str]) -> tuple[list[Place], int]:
    """What was found, by what stands for it: in order, or where there are too many for boxes the most doubtful first.

    Gives also how many finds of theirs cannot be asked about.
    """
    surfaces: dict[str, dict[str, int]] = {}
    labels: dict[str, Label] = {}
    scores: dict[str, float] = {}
    orders: dict[str, dict[str, str]] = {}
    for name, seen in refused.found.items():
        for span in seen.spans:
            if span.label in KEEPABLE and span.token:
                surface = seen.text[span.start : span.end]
                numbered = surfaces.setdefault(span.token, {})
                numbered.setdefault(surface, len(numbered))
                labels.setdefault(span.token, span.label)
                scores[span.token] = min(scores.get(span.token, 1.0), span.score)
        for token, numbered in surfaces.items():
            if order := _order(seen, token, numbered):
                orders.setdefault(token, {})[name] = order
    mine = {token for token, those in surfaces.items() if any(map(refused.is_own, those))}
    places = [
        Place(token, labels[token], tuple(surfaces[token]), orders.get(token, {}))
        for token in surfaces
        if token not in mine | known
    ]
    if len(places) > BOXES:
        places.sort(key=lambda place: scores[place.token])
    return places, sum(place.value is None for place in places)


def _order(seen: Anonymized, token: str, numbered: Mapping[str, int]) -> str:
    """Which of the surfaces stand where the token stands in the masked text; "-" where it was typed."""
    ours = dict(_masked_at(seen))
    places = [match.start() for match in standing(token).finditer(seen.masked)]
    if not any(at in ours for at in places):
        return ""
    order = "".join(
        DIGITS[min(numbered[seen.text[ours[at].start : ours[at].end]], len(DIGITS) - 1)]
        if at in ours
        else TYPED
        for at in places
    )
    return order.rstrip(order[-1]) + order[-1]


def _masked_at(seen: Anonymized) -> Iterator[tuple[int, Span]]:
    """Where each find that can be put back stands in the masked text."""
    grown = 0
    for span in seen.spans:
        if span.label in KEEPABLE:
            yield span.start + grown, span
        grown += len(span.token) - (span.end - span.start)


def _put_back(text: str, place: Place, order: str) -> str:
    """Put the surfaces where the token stands, one after the other; the last one wherever it stands again."""
    left = iter(order)

    def one(match: re.Match[str]) -> str:
        mark = next(left, order[-1])
        if mark == TYPED:
            return match[0]
        return place.surfaces[min(DIGITS.index(mark), len(place.surfaces) - 1)]

    return standing(place.token).sub(one, text)


def _not_found(answers: Answers, refused: Identified) -> str:
    """What somebody added and stands nowhere in the words; the others are among the boxes now."""
    found = {same(each) for seen in refused.found.values() for each in seen.surfaces}
    return "、".join(each for each in _added(answers) if same(each) not in found)


def _added(answers: Answers) -> list[str]:
    named = (HONOUR.sub("", each) for each in BETWEEN.split(str(answers.values.get(MORE) or "")))
    return list(dict.fromkeys(each for each in named if each))


def _hinted(refused: Identified) -> tuple[Option, ...]:
    """What may be a name and was left standing, the likeliest first."""
    found: dict[str, Span] = {}
    for seen in refused.seen.values():
        for span in sorted(seen.hints, key=lambda each: -each.score):
            found.setdefault(seen.text[span.start : span.end], span)
    likely = sorted(found.items(), key=lambda each: -each[1].score)[:BOXES]
    places = [Place("", span.label, (surface,)) for surface, span in likely]
    return tuple((value, place.surfaces[0][:WORDS]) for place in places if (value := place.value))


def _said(place: Place) -> str:
    """The words of a box: what was found, and what stands for it."""
    words = messages.form_words("masked")
    said = messages.phrase(words["found"], surfaces=list(dict.fromkeys(place.surfaces)), token=place.token)
    return messages.unescaped(said)[:WORDS]


def typed(text: str) -> str:
    """Give what somebody typed where Slack brings it with three characters escaped: a message, a command."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
