"""What the windows about the papers of a review have in common: who may knock, and which make room for the next one."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from bot.domain.casework import Draft
from bot.domain.expert import SITTING
from bot.domain.staff import Actor
from bot.usecases import review_drafts
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import Desk, Identified
from handlers.drafts import without_numbers
from handlers.forms import Answers
from handlers.wording import confirmed, masked_in, plain, unmasked

INVITED = SITTING  # whether they are invited to this one is the table's to say
MINE = frozenset({
    "brief_page.submit", "review_room.submit", "notes_book.submit", "review_window.submit",
})  # fmt: skip


async def left(
    answers: Answers, words: tuple[str, ...], keep: Callable[[Answers, Confirmed], Awaitable[None]]
) -> None:
    """Keep what stands in a form whose window was closed, where somebody typed; nobody can be asked about names any more."""
    typed = any(str(answers.values.get(each) or "") != answers.began.get(each, "") for each in words)
    if not typed and not answers.round:
        return
    answers = await without_numbers(unmasked(answers, *words))
    said = confirmed(answers)
    try:
        await keep(answers, said)
    except Identified as refused:
        answers, _ = masked_in(answers, refused)
        await keep(answers, replace(said, names=(*said.names, *refused.names)))


async def keep_draft(desk: Desk, actor: Actor, form: str, answers: Answers, words: tuple[str, ...]) -> None:
    """Keep as a draft what was in a form when its window was closed."""
    k = answers.keep

    async def keep(now: Answers, said: Confirmed) -> None:
        told = plain(now) | {"v": k.get("v")}
        await review_drafts.keep(desk, actor, form, k["r"], told, words, said, about=str(k.get("t", "")))

    await left(answers, words, keep)


def again(draft: Draft | None, answers: dict[str, Any], version: object = None) -> dict[str, Any]:
    """What a form is drawn with: the draft, where there is one of what stands there still."""
    if draft is None or draft.answers.get("v") != version:
        return answers
    return {name: each for name, each in draft.answers.items() if name != "v"}
