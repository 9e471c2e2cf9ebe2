"""The names of a case, as a test gives them to it and looks at them: forms about it, its letters and its words."""

import pytest

from bot.domain.entitlement import Act
from bot.usecases import case_names, hearing
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import Identified, screened_about
from tests.desk import CARDS, FOUR

STORY = "中川ヨシ江さんのことで困っています。"
# A name nobody would take for one who has not been told.
ODD = "大将"
NEXT = {"next_action": "電話", "next_on": "2026-12-08"}


async def told(desk, number="R8-0001"):
    """The dictionary of a case, as it counts now."""
    async with desk.db.reading() as ask:
        return await case_names.case_of(ask, await desk.id_of(number))


async def letters(desk, number="R8-0001"):
    return {each.surface: each.token for each in (await told(desk, number)).known}


async def written(desk, kind=None, number="R8-0001"):
    """What is kept of the words, opened."""
    async with desk.db.reading() as ask:
        words = await ask.casework.words_of(await desk.id_of(number))
    return [each.text for each in words if kind in (None, each.kind)]


async def asks_about(desk, story=STORY, **answers):
    """Somebody asks, and takes the story masked as it is offered."""
    await desk.takagi.command("/相談")
    await desk.takagi.fills_and_sends(**{**FOUR, "story": story, **answers})
    await desk.takagi.fills_and_sends()
    await desk.takagi.close(clear=True)
    return await desk.newest_number()


async def opens(desk, form, number="R8-0001"):
    """Somebody who holds a case opens a form about it."""
    if not await desk.sato.top_view():
        await desk.sato.presses("details.open", await desk.id_of(number), where=CARDS)
    await desk.sato.presses(form, where="view")
    return desk.sato


async def claimed(desk, story=STORY, **answers):
    number = await asks_about(desk, story, **answers)
    await desk.sato.presses("callback.claim", where=CARDS)
    return number


def field(view, name):
    """What stands in a field of a form."""
    [block] = [each for each in view["blocks"] if each.get("block_id", "").startswith(f"{name}~")]
    return block["element"].get("initial_value", "")


def boxes(view, name="keep"):
    """The boxes of one kind: what each says, and its value."""
    blocks = [each for each in view["blocks"] if each.get("block_id", "").startswith(f"{name}~")]
    return {
        each["text"]["text"]: each["value"]
        for block in blocks
        for each in block["element"].get("options", ())
    }


async def offered(desk, it, text):
    """What a form about a case shows masked, and what it says of it when it is sent as it is."""
    with pytest.raises(Identified) as refused:
        await screened_about(desk.bot.desk, await desk.actor("U_SATO"), Act.HEAR, it, {"formulation": text})
    return refused.value.found["formulation"].masked, Confirmed(names=refused.value.names)


async def hears(desk, it, formulation, said):
    heard = hearing.Heard((), (), formulation, "", "電話", desk.clock.now.date(), said=said)
    await hearing.hear(desk.bot.desk, await desk.actor("U_SATO"), it, heard, once=desk.once())
