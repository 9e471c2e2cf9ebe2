"""The record that stays, as a person makes it: the form that lies before them, and what is kept of it."""

from bot.usecases import callbacks, closing, hearing, records
from bot.usecases.records import Said
from tests.desk import FOUR

AGREED = Said(agreement="not_needed")
STORY = "ひとり暮らしの80代の女性です。父は住職で、借金が253万円あります。訪問を断られます。"


async def opens(desk, **given) -> str:
    """A record that lies before 佐藤, to be confirmed."""
    number = await desk.given_closed(**{"story": STORY, **given})
    await desk.sato.open_home()
    await desk.sato.presses("record.open", where="home")
    return await desk.id_of(number)


async def block(somebody, name: str) -> dict:
    """An answer of the form in front, as it is drawn."""
    view = await somebody.top_view()
    return next(each for each in view["blocks"] if each.get("block_id", "").split("~")[0] == name)


async def typed(somebody, name: str) -> str:
    return (await block(somebody, name))["element"].get("initial_value", "")


async def chosen(somebody, name: str) -> str | None:
    element = (await block(somebody, name))["element"]
    return element.get("initial_option", {}).get("value")


async def box(somebody, words: str) -> str:
    """The value of the box with these words."""
    options = (await block(somebody, "standing"))["element"]["options"]
    return next(each["value"] for each in options if words in each["text"]["text"])


async def kept(desk) -> dict:
    [record] = await desk.rows("SELECT * FROM records")
    return record


async def confirms(desk, texts, said=AGREED, by="U_SATO"):
    [row] = await desk.rows("SELECT id FROM consultations ORDER BY number DESC LIMIT 1")
    return await records.confirm(desk.bot.desk, await desk.actor(by), row["id"], texts, said)


async def heard_and_closed(desk, number, by="U_SATO", formulation="疲れている。"):
    """A consultation that came in somehow, heard and closed by its holder."""
    consultation, actor = await desk.id_of(number), await desk.actor(by)
    await callbacks.claim(desk.bot.desk, actor, consultation)
    day = desk.clock.now.date()
    heard = hearing.Heard((), (), formulation, "休む。", "電話", day)
    await hearing.hear(desk.bot.desk, actor, consultation, heard, once=desk.once())
    await closes(desk, number, by)
    return consultation


async def closes(desk, number, by="U_SATO"):
    ending = closing.Closing(("advice_closed",), "advice_closed", "resolved")
    await closing.close(desk.bot.desk, await desk.actor(by), await desk.id_of(number), ending)
    await desk.settle()


async def opens_record(desk, somebody=None):
    somebody = somebody or desk.sato
    await somebody.open_home()
    await somebody.presses("record.open", where="home")
    return somebody


def options(form) -> list[str]:
    return [each["value"] for each in form["element"]["options"]]


async def asks_unmasked(desk, story):
    """Somebody asks, and ticks every box: nothing of it is anybody's name."""
    await desk.takagi.command("/相談")
    await desk.takagi.fills_and_sends(**{**FOUR, "story": story})
    await desk.takagi.fills_and_sends(keep=options(await block(desk.takagi, "keep")))
    return await desk.newest_number()


async def confirms_for(desk, number, texts, said=AGREED):
    return await records.confirm(
        desk.bot.desk, await desk.actor("U_SATO"), await desk.id_of(number), texts, said
    )
