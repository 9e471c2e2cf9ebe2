"""The day of a training for tests: the code on the screen, the roster, and the papers of its window."""

import io
import re
import unicodedata
from datetime import timedelta

from pypdf import PdfReader

from tests.trainings import given_announced, joined


async def on_the_day(desk, *people, minutes=-30, **changes):
    """A training people have joined; the clock stands `minutes` from its beginning."""
    training = await given_announced(desk, **changes)
    parts = await joined(desk, training, *people)
    desk.clock.now = training.plan.starts_at + timedelta(minutes=minutes)
    await desk.ask_the_clock()
    return training, parts


async def the_screen(desk, training, who=None):
    """The organizer opens the window with the code."""
    who = who or desk.kondo
    await who.presses_anyway("check_in.screen", training.id)
    return await shown(who)


async def shown(who):
    """The code that stands on the screen, as people read it."""
    view = await who.top_view()
    heads = [each["text"]["text"] for each in view["blocks"] if each["type"] == "header"]
    read = "".join(unicodedata.normalize("NFKC", heads[0]).split()) if heads else ""
    return read if re.fullmatch(r"\d{6}", read) else None


async def marks(desk, training):
    async with desk.db.reading() as ask:
        found = await ask.participations.marks_of_training(training.id)
        return {(each.participation, each.session): each for each in found}


async def checks_in(desk, part, code):
    """Open the form and send the code."""
    person = desk.person(part.person)
    await person.presses_anyway("check_in.open", part.id)
    return await person.fills_and_sends(code=code)


async def chooses(desk, about, status):
    """Choose beside a name on the open roster."""
    view = await desk.kondo.top_view()
    for block in view["blocks"]:
        for element in [block.get("accessory") or {}, *block.get("elements", ())]:
            if any(each["value"] == f"{about}/{status}" for each in element.get("options", ())):
                answer = await desk.kondo.press(
                    element["action_id"],
                    view_id=view["id"],
                    block_id=block["block_id"],
                    choice=f"{about}/{status}",
                )
                await desk.settle()
                return answer
    raise AssertionError(f"{about} is not on this page")


async def file_of(desk, name):
    """The newest file of this name, as it came."""
    await desk.settle()
    files = [each for each in desk.workspace.world.files.values() if each.name == name and each.shared]
    assert files, [each.name for each in desk.workspace.world.files.values()]
    return files[-1].body


def text_of(pdf):
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]
