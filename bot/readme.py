"""Draws the parts of the README files that the program itself knows: lives of consultations, reviews and sheets; commands.

`python -m bot.readme` writes them between their marks; a test says when that was forgotten.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

import typer.main

from bot import codes, messages
from bot.cli import cli
from bot.domain import handover, review
from bot.domain.consultation import OPEN, STEPS, Status
from handlers import ROUTES
from handlers.routing import Route

ROOT = Path(__file__).parents[1]
ENGLISH, JAPANESE = "en", "ja"
READMES = {"README.md": ENGLISH, "README.ja.md": JAPANESE}
WORDS = tomllib.loads((messages.TEMPLATES / "documents" / "readme.toml").read_text(encoding="utf-8"))
DOORS = {"command", "shortcut"}


def main() -> None:
    """Write the drawn parts into both files."""
    for name, language in READMES.items():
        path = ROOT / name
        path.write_text(filled(path.read_text(encoding="utf-8"), language), encoding="utf-8")


def filled(text: str, language: str) -> str:
    """Give the text with its marked parts drawn anew. Raises `ValueError` where a mark is missing."""
    parts = {"states": states(language), "lives": lives(language), "commands": commands(language)}
    for name, drawn in parts.items():
        start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        before, opened, rest = text.partition(start)
        _, closed, after = rest.partition(end)
        if not opened or not closed:
            raise ValueError(f"no place for {name}")
        text = f"{before}{start}\n{drawn}\n{end}{after}"
    return text


def states(language: str) -> str:
    """Draw the life of a consultation from `STEPS`. What every open state allows is drawn once for all of them."""
    inner, outer = [each for each in Status if each in OPEN], [each for each in Status if each not in OPEN]
    lines = ["```mermaid", "flowchart TD", f'    subgraph open["{WORDS[language]["open"]}"]']
    lines += [f'        {each}(["{_state(each, language)}"])' for each in inner]
    lines += [f"        {one} --> {to}" for one, to in _steps(inner, inner)]
    lines += ["    end", *(f'    {each}(["{_state(each, language)}"])' for each in outer)]
    for one in outer:
        everywhere = all(one in STEPS[each] for each in inner)
        lines += (
            [f"    open --> {one}"] if everywhere else [f"    {a} --> {b}" for a, b in _steps(inner, [one])]
        )
    for one in outer:
        anywhere = set(inner) <= STEPS[one]
        lines += (
            [f"    {one} --> open"] if anywhere else [f"    {a} --> {b}" for a, b in _steps([one], inner)]
        )
    lines += [f"    {one} --> {to}" for one, to in _steps(outer, outer)]
    return "\n".join([*lines, "```", ""])


def _steps(of: list[Status], to: list[Status]) -> Iterator[tuple[Status, Status]]:
    return ((one, other) for one in of for other in to if other in STEPS[one] and other is not one)


def _state(status: Status, language: str) -> str:
    return _labelled("statuses", status, language)


def _labelled(name: str, code: str, language: str) -> str:
    label = codes.label(name, code)
    return label if language == JAPANESE else f"{label}<br>{code.replace('_', ' ')}"


def lives(language: str) -> str:
    """Draw the life of a case review, and of a sheet that is handed on, each from its own table of steps."""
    words = WORDS[language]
    return "\n".join(
        [
            *_life(words["review"], "review_stages", review.STEPS, language),
            *_life(words["sheet"], "package_states", handover.STEPS, language),
        ]
    )


def _life(said: str, labels: str, steps: Mapping[Any, AbstractSet[Any]], language: str) -> list[str]:
    drawn = [f'    {each}(["{_labelled(labels, each, language)}"])' for each in steps]
    arrows = [f"    {one} --> {to}" for one in steps for to in steps if to in steps[one] and to is not one]
    return [said, "", "```mermaid", "flowchart LR", *drawn, *arrows, "```", ""]


def commands(language: str) -> str:
    """Draw both tables: what can be asked in Slack, and on the command line."""
    words = WORDS[language]
    asked = [_asked(route, language) for route in ROUTES if route.kind in DOORS]
    typed = [
        (f"`python -m bot {name}`", words["told"][name.split(" <")[0]] if language == ENGLISH else told)
        for name, told in typed_commands()
    ]
    return "\n".join([*_table(words["in_slack"], asked), "", *_table(words["on_the_line"], typed), ""])


def _asked(route: Route, language: str) -> Sequence[str]:
    said = messages.form_words("commands")[route.name]["description"].split("（")[0]
    name = f"`{route.name}`" if route.kind == "command" else route.label
    told = route.summary if language == ENGLISH else said
    return name, WORDS[language][route.kind], _who(route, language), told


def _who(route: Route, language: str) -> str:
    if route.allow is None:
        return str(WORDS[language]["anybody"])
    roles = [each for each in codes.options("staff_roles") if each.code in route.allow]
    names = [each.code if language == ENGLISH else each.label.split("（")[0] for each in roles]
    return str(WORDS[language]["between"]).join(names)


def typed_commands() -> Iterator[tuple[str, str]]:
    """Give every command of the command line with its arguments, and what it says of itself."""
    yield from _under("", typer.main.get_command(cli))


def _under(name: str, command: Any) -> Iterator[tuple[str, str]]:
    if hasattr(command, "commands"):
        for below, each in command.commands.items():
            yield from _under(f"{name} {below}".strip(), each)
        return
    arguments = [f"<{each.name}>" for each in command.params if each.param_type_name == "argument"]
    yield " ".join([name, *arguments]), str(command.help)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]


if __name__ == "__main__":
    main()
