"""Forms: how a modal is drawn from its words, and how its answers are read."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from bot import messages
from bot.domain.business_time import TOKYO
from bot.domain.refusals import Missing
from bot.domain.text import TooLong, clean_or_blank

OPTIONS = 100
BOXES = 10
TYPED = 3000
BLOCKS = 100
VIEW_BYTES = 240_000  # Slack takes 250 KB; what it adds on the way is allowed for
METADATA = 3000
VALUE = 150  # characters of an option's value
WORDS = 75  # characters of an option's words

Block = dict[str, Any]
Option = tuple[str, str]  # (code, label)


class Form:
    """One modal. `name` names its words in templates/forms/<name>.toml and its callback.

    `keep` is private_metadata: ids and codes only, never words. `round` makes the block ids new, so that
    Slack shows the given answers instead of what was typed into the view before.
    """

    def __init__(
        self,
        name: str,
        *,
        keep: Mapping[str, Any] | None = None,
        answers: Mapping[str, Any] | None = None,
        round: int = 0,  # noqa: A002
        tell_when_closed: bool = False,
    ) -> None:
        self._words = messages.form_words(name)
        self._callback = f"{name}.submit"
        self._keep = dict(keep or {})
        self._answers = dict(answers or {})
        self._round = round
        self._tell_when_closed = tell_when_closed
        self._blocks: list[Block] = []

    def word(self, name: str) -> str:
        """One of the form's own words, such as the label of a choice that is no code."""
        return str(self._words[name])

    def retitled(self, name: str) -> "Form":
        """Another title, and more to answer, from the words `name`: so that a form that came back is seen to be another."""
        words = messages.form_words(name)
        self._words = {**words, **self._words, "title": words["title"]}
        return self

    def also(self, name: str) -> "Form":
        """More to answer, from the words `name`, under its own title."""
        self._words = {**messages.form_words(name), **self._words}
        return self

    def reworded(self, name: str) -> "Form":
        """Another title and another button to send it, from the form's own words `name`."""
        self._words = {**self._words, **self._words[name]}
        return self

    def called(self, name: str, label: str, hint: str = "") -> "Form":
        """An answer whose label is a fact, such as a date; and what is said below it, where there is something."""
        more = {"label": label} | ({"hint": hint} if hint else {})
        self._words = {**self._words, name: {**self._words.get(name, {}), **more}}
        return self

    def note(self, template: str, **facts: Any) -> "Form":
        """Words between the answers, from templates/<template>.j2."""
        self._blocks += messages.render(template, **facts).blocks
        return self

    def line(self) -> "Form":
        """A line across."""
        self._blocks.append({"type": "divider"})
        return self

    def text(
        self,
        name: str,
        *,
        optional: bool = False,
        long: bool = False,
        limit: int = TYPED,
    ) -> "Form":
        """Typed words. Given ones that grew beyond `limit` are shown whole; the desk says so when they are sent."""
        given = (self._answers.get(name) or "")[:TYPED]
        most = min(max(limit, len(given)), TYPED)
        element: Block = {"type": "plain_text_input", "multiline": long, "max_length": most}
        if given:
            element["initial_value"] = given
        return self._input(name, element, optional=optional)

    def number(self, name: str, *, most: int, optional: bool = True) -> "Form":
        """A whole number from 0."""
        element: Block = {
            "type": "number_input", "is_decimal_allowed": False, "min_value": "0", "max_value": str(most),
        }  # fmt: skip
        if self._answers.get(name) is not None:
            element["initial_value"] = str(self._answers[name])
        return self._input(name, element, optional=optional)

    def choice(
        self,
        name: str,
        options: Iterable[Option],
        *,
        optional: bool = False,
        radio: bool = False,
    ) -> "Form":
        """One of several."""
        drawn = _drawn(options)
        element: Block = {"type": "radio_buttons" if radio else "static_select", "options": drawn}
        chosen = [each for each in drawn if each["value"] == self._answers.get(name)]
        if chosen:
            element["initial_option"] = chosen[0]
        return self._input(name, element, optional=optional)

    def choices(
        self,
        name: str,
        options: Iterable[Option],
        *,
        optional: bool = False,
        boxes: bool = False,
        most: int | None = None,
    ) -> "Form":
        """Any of several, as boxes to tick (up to ten) or as a list."""
        drawn = _drawn(options)
        boxes = boxes and len(drawn) <= BOXES
        element: Block = {"type": "checkboxes" if boxes else "multi_static_select", "options": drawn}
        if most and not boxes:
            element["max_selected_items"] = most
        wanted = self._answers.get(name) or ()
        chosen = [each for each in drawn if each["value"] in wanted]
        if chosen:
            element["initial_options"] = chosen
        return self._input(name, element, optional=optional)

    def day(self, name: str, *, optional: bool = False) -> "Form":
        """A day."""
        element: Block = {"type": "datepicker"}
        if given := self._answers.get(name):
            element["initial_date"] = given
        return self._input(name, element, optional=optional)

    def clock(self, name: str, *, optional: bool = False) -> "Form":
        """A time of day."""
        element: Block = {"type": "timepicker"}
        if given := self._answers.get(name):
            element["initial_time"] = given
        return self._input(name, element, optional=optional)

    def person(self, name: str, *, optional: bool = False) -> "Form":
        """A member of the workspace."""
        element: Block = {"type": "users_select"}
        if given := self._answers.get(name):
            element["initial_user"] = given
        return self._input(name, element, optional=optional)

    def people(self, name: str, *, optional: bool = False, most: int | None = None) -> "Form":
        """Several members of the workspace."""
        element: Block = {"type": "multi_users_select"}
        if most:
            element["max_selected_items"] = most
        if given := self._answers.get(name):
            element["initial_users"] = list(given)
        return self._input(name, element, optional=optional)

    def channels(self, name: str, *, optional: bool = False, most: int | None = None) -> "Form":
        """Several channels, public or private; those another organisation sees are left out of the list."""
        element: Block = {
            "type": "multi_conversations_select",
            "filter": {
                "include": ["public", "private"],
                "exclude_external_shared_channels": True,
                "exclude_bot_users": True,
            },
        }
        if most:
            element["max_selected_items"] = most
        if given := self._answers.get(name):
            element["initial_conversations"] = list(given)
        return self._input(name, element, optional=optional)

    def url(self, name: str, *, optional: bool = False) -> "Form":
        """An address of a page."""
        element: Block = {"type": "url_text_input"}
        if given := self._answers.get(name):
            element["initial_value"] = given
        return self._input(name, element, optional=optional)

    def fits(self) -> bool:
        """Whether Slack would take it: not too many blocks, not too many bytes."""
        told = json.dumps(self.view(), ensure_ascii=False).encode()
        return len(self._blocks) <= BLOCKS and len(told) <= VIEW_BYTES

    def view(self) -> dict[str, Any]:
        """Give the modal as Slack wants it."""
        keep = json.dumps({**self._keep, "round": self._round}, ensure_ascii=False, separators=(",", ":"))
        view: dict[str, Any] = {
            "type": "modal",
            "callback_id": self._callback,
            "title": _plain(self._words["title"]),
            "close": _plain(self._words["close"]),
            "private_metadata": keep[:METADATA],
            "blocks": messages.distinct(self._blocks),
        }
        if self._tell_when_closed:
            view["notify_on_close"] = True
        if "submit" in self._words:
            view["submit"] = _plain(self._words["submit"])
        return view

    def _input(self, name: str, element: Block, *, optional: bool) -> "Form":
        said = self._words[name]
        element["action_id"] = name
        if "placeholder" in said and element["type"] not in {"radio_buttons", "checkboxes"}:
            element["placeholder"] = _plain(said["placeholder"])
        block: Block = {
            "type": "input",
            "block_id": f"{name}~{self._round}",
            "label": _plain(said["label"]),
            "element": element,
            "optional": optional,
        }
        if "hint" in said:
            block["hint"] = _plain(said["hint"])
        self._blocks.append(block)
        return self


def _drawn(options: Iterable[Option]) -> list[Block]:
    return [{"text": _plain(label[:WORDS]), "value": code} for code, label in options][:OPTIONS]


def packed(*told: Any) -> str | None:
    """What an option is to tell when it comes back, as its value. None: that is too long."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return text if len(text) <= VALUE else None


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person answered, by the answer's name. Empty answers are None or ().

    `shown`: the choices there were; `began`: the words that stood in a field when it was shown.
    """

    values: dict[str, Any]
    keep: dict[str, Any]
    shown: dict[str, tuple[str, ...]] = field(default_factory=dict)
    began: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, view: Mapping[str, Any]) -> "Answers":
        """Read a submitted view."""
        values: dict[str, Any] = {}
        for block in view.get("state", {}).get("values", {}).values():
            for name, element in block.items():
                values[name] = _answer(element)
        elements = [
            each for block in view.get("blocks", ()) if "action_id" in (each := block.get("element") or {})
        ]
        shown = {
            each["action_id"]: tuple(option["value"] for option in each["options"])
            for each in elements
            if each.get("options")
        }
        began = {each["action_id"]: each["initial_value"] for each in elements if each.get("initial_value")}
        return cls(values, json.loads(view.get("private_metadata") or "{}"), shown, began)

    @property
    def round(self) -> int:
        """How often this form was drawn anew."""
        return int(self.keep.get("round", 0))

    def text(self, name: str, *, limit: int = TYPED) -> str:
        """Typed words, cleaned; empty when there are none."""
        try:
            return clean_or_blank(self.values.get(name), limit=limit)
        except TooLong as refused:
            refused.field = name
            raise

    def code(self, name: str) -> str | None:
        """One chosen code."""
        return self.values.get(name)

    def chosen(self, name: str) -> tuple[str, ...]:
        """All chosen codes."""
        return tuple(self.values.get(name) or ())

    def number(self, name: str) -> int | None:
        """A whole number."""
        given = self.values.get(name)
        return int(given) if given not in (None, "") else None

    def day(self, name: str) -> date | None:
        """A day."""
        given = self.values.get(name)
        return date.fromisoformat(given) if given else None

    def moment(self, day: str, clock: str) -> datetime | None:
        """A day and a time of day together, in Tokyo; None when both are missing. Raises `Missing` for the other half."""
        on, at = self.day(day), self.values.get(clock)
        if on and at:
            return datetime.combine(on, time.fromisoformat(at), TOKYO)
        if on or at:
            raise Missing(clock if on else day)
        return None


def _answer(element: Mapping[str, Any]) -> Any:
    kind = element["type"]
    if kind in {"static_select", "radio_buttons"}:
        return (element.get("selected_option") or {}).get("value")
    if kind in {"multi_static_select", "checkboxes"}:
        return [each["value"] for each in element.get("selected_options") or ()]
    for key in (
        "value", "selected_user", "selected_date", "selected_time", "selected_users", "selected_conversations",
    ):  # fmt: skip
        if key in element:
            return element[key]
    return None
