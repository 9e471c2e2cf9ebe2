"""Turns a template and some facts into Slack's words and blocks. All words live in templates/.

A template is read paragraph by paragraph (an empty line ends one):
`# ` begins a header, `~ ` small print, `---` is a line across; anything else is a section of mrkdwn.
`{{ button(…) }}` beside text becomes the section's own button; several, or alone, a row of buttons. `menu_button(…)`
is a choice in such a place.
A fact can use none of these: the marks are set before facts are filled in, and facts are escaped.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup

from bot import codes
from bot.domain.business_time import TOKYO

TEMPLATES = Path(__file__).parents[1] / "templates"
SECTION = 3000
HEADER = 150
WEEKDAYS = "月火水木金土日"

_HEAD, _SMALL, _LINE, _BUTTON, _END = "\ue001", "\ue002", "\ue003", "\ue004", "\ue005"
_BREAK = "\ue006"  # a line end inside a fact: it ends no paragraph of the template
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_MARKED = re.compile(f"{_BUTTON}(.*?){_END}", re.DOTALL)

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: `text` for notifications and screen readers, `blocks` for the eye."""

    text: str
    blocks: list[Block]


@dataclass(frozen=True, slots=True)
class Home:
    """An App Home view."""

    view: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Window:
    """A modal that is open already, drawn again."""

    view: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing yet: from `until` on it may be said, such as in the morning what would wake people at night."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Document:
    """A paper to be uploaded. Its file name and title hold a receipt number at most."""

    filename: str
    title: str
    content: bytes
    comment: str


def render(template: str, /, **facts: Any) -> Message:
    """Fill `templates/<template>.j2`. A missing fact is an error."""
    written = str(_environment.get_template(f"{template}.j2").render(**facts)).strip()
    return Message(_plain(written), distinct(list(_blocks(written))))


def distinct(blocks: list[Block]) -> list[Block]:
    """Give every element of a surface its own action id: the second `details.open` is `details.open#2`."""
    seen: dict[str, int] = {}
    for block in blocks:
        for element in [*block.get("elements", ()), block.get("accessory"), block.get("element")]:
            if element and "action_id" in element:
                name = element["action_id"].split("#")[0]
                seen[name] = seen.get(name, 0) + 1
                element["action_id"] = name if seen[name] == 1 else f"{name}#{seen[name]}"
    return blocks


def words(template: str, /, **facts: Any) -> str:
    """Fill a template that is one plain text: a field's error, an ephemeral line, a label."""
    return render(template, **facts).text


@cache
def form_words(name: str) -> dict[str, Any]:
    """Read the words of a form: title, submit, close, and label, hint, placeholder of each answer."""
    return tomllib.loads((TEMPLATES / "forms" / f"{name}.toml").read_text(encoding="utf-8"))


def phrase(text: str, /, **facts: Any) -> str:
    """Fill a single phrase of a form's words."""
    return str(_phrase(text).render(**facts)).replace(_BREAK, "\n")


@cache
def _phrase(text: str) -> Any:
    return _environment.from_string(text)


def escape(value: Any) -> Any:
    """Slack gives meaning to three characters; a fact must never be able to use them, nor our marks."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    value = _PRIVATE.sub("", value)
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", _BREAK)


def pieces(text: str, limit: int = SECTION) -> Iterator[str]:
    """Cut escaped text into pieces a block can hold, never inside `&amp;` or a mention."""
    while len(text) > limit:
        cut = text.rfind("\n", limit // 2, limit)
        cut = limit if cut < 0 else cut
        for opened, ended in (("&", ";"), ("<", ">")):
            start = text.rfind(opened, max(0, cut - 40), cut)
            if start >= 0 and ended not in text[start:cut]:
                cut = start
        yield text[:cut]
        text = text[cut:].lstrip("\n")
    if text:
        yield text


def _blocks(written: str) -> Iterator[Block]:
    for paragraph in re.split(r"\n[ \t]*\n", written.replace(_LINE, f"\n\n{_LINE}\n\n")):
        body = paragraph.strip()
        if not body:
            continue
        if body[0] == _LINE:
            yield {"type": "divider"}
            body = body[1:].strip()
            if not body:
                continue
        buttons = [_button(json.loads(each)) for each in _MARKED.findall(body)]
        text = _MARKED.sub("", body).replace(_BREAK, "\n").strip()
        yield from _paragraph(text, buttons)


def _paragraph(text: str, buttons: list[Block]) -> Iterator[Block]:
    if text and text[0] == _HEAD:
        # A header is plain text: what was escaped for mrkdwn is written out again.
        yield {"type": "header", "text": _plain_text(unescaped(text[1:].strip())[:HEADER])}
    elif text and text[0] == _SMALL:
        for piece in pieces(text[1:].strip().replace(f"\n{_SMALL}", "\n")):
            yield {"type": "context", "elements": [{"type": "mrkdwn", "text": piece}]}
    elif text:
        sections: list[Block] = [
            {"type": "section", "text": {"type": "mrkdwn", "text": piece}} for piece in pieces(text)
        ]
        if len(buttons) == 1:
            sections[-1]["accessory"] = buttons.pop()
        yield from sections
    for start in range(0, len(buttons), 5):
        yield {"type": "actions", "elements": buttons[start : start + 5]}


def _plain(written: str) -> str:
    text = _MARKED.sub("", written).replace(_BREAK, "\n")
    text = re.sub(f"[{_HEAD}{_SMALL}] ?", "", text).replace(_LINE, "")
    return next(pieces(re.sub(r"\n\s*\n", "\n", text).strip()), "")


def unescaped(text: str) -> str:
    """Give the words as they were before they were escaped."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _plain_text(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def _button(given: dict[str, Any]) -> Block:
    if "options" in given:
        return _menu(given)
    button: Block = {
        "type": "button",
        "text": _plain_text(given["label"][:75]),
        "action_id": given["action"],
        "value": given["value"],
    }
    if given.get("style"):
        button["style"] = given["style"]
    if given.get("confirm"):
        ask = form_words("confirms")[given["confirm"]]
        button["confirm"] = {
            "title": _plain_text(ask["title"]),
            "text": _plain_text(ask["text"]),
            "confirm": _plain_text(ask["yes"]),
            "deny": _plain_text(ask["no"]),
        }
    return button


def _menu(given: dict[str, Any]) -> Block:
    options = [{"text": _plain_text(label[:75]), "value": value} for value, label in given["options"]]
    menu: Block = {
        "type": "static_select",
        "placeholder": _plain_text(given["label"]),
        "action_id": given["action"],
        "options": options,
    }
    chosen = [each for each in options if each["value"] == given["chosen"]]
    if chosen:
        menu["initial_option"] = chosen[0]
    return menu


def _make_menu(
    label: str, action: str, options: Sequence[tuple[str, str]], chosen: str | None = None
) -> Markup:
    """A choice that takes effect at once. `options`: (value, what it says), up to a hundred."""
    given = {"label": label, "action": action, "options": list(options), "chosen": chosen}
    return Markup(f"{_BUTTON}{json.dumps(given, ensure_ascii=False)}{_END}")  # noqa: S704 - Slack, not HTML


def _make_button(
    label: str, action: str, value: str = "-", style: str | None = None, confirm: str | None = None
) -> Markup:
    """`confirm` names an entry of templates/forms/confirms.toml."""
    given = {"label": label, "action": action, "value": value, "style": style, "confirm": confirm}
    return Markup(f"{_BUTTON}{json.dumps(given, ensure_ascii=False)}{_END}")  # noqa: S704 - Slack, not HTML


def mention(whom: str) -> Markup:
    """Name a person, or a channel, the Slack way, by the id."""
    sign = "#" if whom.startswith(("C", "G")) else "@"
    return Markup(f"<{sign}{escape(whom)}>")  # noqa: S704 - escaped one word earlier


_ERAS = (
    ("令和", 2019, (2019, 5, 1)),
    ("平成", 1989, (1989, 1, 8)),
    ("昭和", 1926, (1926, 12, 25)),
    ("大正", 1912, (0, 0, 0)),
)


def said(at: datetime | date, form: str = "time") -> str:
    """Say a moment as people do: `11月24日(火) 10時`. `form`: time, day, clock or paper (with the era)."""
    if isinstance(at, datetime):
        at = at.astimezone(TOKYO)
    day = f"{at.month}月{at.day}日({WEEKDAYS[at.weekday()]})"
    if form == "paper":
        day = f"{_era(at)}年{day}"
    if form == "day" or not isinstance(at, datetime):
        return day
    clock = f"{at.hour}時" + (f"{at.minute}分" if at.minute else "")
    return clock if form == "clock" else f"{day} {clock}"


def _era(day: date) -> str:
    """The year as it is written on paper; the first one of an era is 元."""
    name, first = next(era for era in _ERAS if (day.year, day.month, day.day) >= era[2])[:2]
    return f"{name}{day.year - first + 1 if day.year > first else '元'}"


def ago(at: datetime, now: datetime) -> str:
    """Say how long ago: ほんの少し前, 12分前, 3時間前, or the moment itself when it is more than a day."""
    passed = now - at
    if passed < timedelta(minutes=1):
        return "ほんの少し前"
    if passed < timedelta(hours=1):
        return f"{int(passed.total_seconds() // 60)}分前"
    if passed < timedelta(days=1):
        return f"{int(passed.total_seconds() // 3600)}時間前"
    return said(at)


def label(code: str | None, code_list: str) -> str:
    """Give the Japanese label of a code; an unknown one is shown as it is rather than lost."""
    if not code:
        return ""
    try:
        return codes.label(code_list, code)
    except codes.NoSuchCode:
        return code


def code_fact(code: str, code_list: str, name: str) -> str:
    """Give what a list says of a code beside its label: its definition, or one of its own columns; empty for none."""
    entry = codes.load(code_list).get(code)
    return entry.definition if name == "definition" else str(entry.more.get(name) or "")


def labels(given: list[str] | tuple[str, ...], code_list: str, between: str = "、") -> str:
    """Give the labels of several codes in one line."""
    return between.join(label(each, code_list) for each in given)


class _Marks(Extension):
    """Line-initial marks of the template's own source, set before any fact is filled in."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
        source = re.sub(r"^# ", f"{_HEAD} ", source, flags=re.MULTILINE)
        source = re.sub(r"^~ ", f"{_SMALL} ", source, flags=re.MULTILINE)
        return re.sub(r"^---$", _LINE, source, flags=re.MULTILINE)


_environment = Environment(  # noqa: S701 - Slack mrkdwn, escaped by `finalize`
    loader=FileSystemLoader(TEMPLATES),
    undefined=StrictUndefined,
    finalize=escape,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=[_Marks],
)
_environment.globals["button"] = _make_button
_environment.globals["menu_button"] = _make_menu
_environment.filters.update(
    mention=mention, said=said, label=label, labels=labels, ago=ago, code_fact=code_fact
)
