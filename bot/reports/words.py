"""The words of the papers: one template per paper, one block per thing it says."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from bot.domain.business_time import TOKYO

DOCUMENTS = Path(__file__).parents[2] / "templates" / "documents"


class Words:
    """What one paper says about these facts. A fact that is missing is an error."""

    def __init__(self, document: str, facts: Mapping[str, Any]) -> None:
        self._template = _template(document)
        self._facts = dict(facts)

    def __call__(self, block: str, **more: Any) -> str:
        """The words of one block, trimmed; its lines are its paragraphs or items."""
        context = self._template.new_context({**self._facts, **more})
        said = "".join(self._template.blocks[block](context))
        return "\n".join(line.strip(" ") for line in said.strip("\n ").split("\n"))

    def page(self, number: int, pages: int) -> str:
        """The words at the foot of the page with this number."""
        return self("page", page=number, pages=pages)


def one_line(text: str) -> str:
    """`text` without line breaks: a fact that has one line on the paper."""
    return " ".join(text.split())


def in_tokyo(moment: datetime) -> datetime:
    """The moment on the desk's own clock."""
    return moment.astimezone(TOKYO)


@cache
def _template(document: str) -> Template:
    return _environment().get_template(f"{document}.j2")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(DOCUMENTS),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - the words are set in type, no markup is ever read from them
        trim_blocks=True,
        lstrip_blocks=True,
    )
    dates = environment.get_template("dates.j2").module
    macros = ("day", "moment", "clock", "hours")
    environment.globals.update({name: getattr(dates, name) for name in macros})
    return environment
