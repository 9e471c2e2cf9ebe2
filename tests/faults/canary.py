"""Names, numbers, addresses and sentences that stand nowhere else, brought in through every door of the desk."""

import contextlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bot.practice import NotOnScreen, Person, Workspace
from tests.desk import CARDS, FOUR, _pressable, until

# What is planted, by the door it comes through. The sentences look like nothing, so nothing masks them.
PLANTED = {
    "name": "鶴亀松竹", "agency": "ことぶき梅林居宅介護支援事業所", "phone": "090-8135-2746", "callable": "鶴亀花苗",
    "story": "廊下の電球を毎晩かぞえている", "named in the story": "中之条ヨシ江", "address in the story": "膳所７丁目８番９１号",
    "phone in the story": "080-7192-6453", "kept in the story": "若葉丘さん", "typed after the command": "はりねずみの散歩道",
    "broken form": "みずたまりの写し絵", "proxy name": "鷹司雪野", "proxy agency": "あさぎり峠ひだまり作業所",
    "proxy phone": "077-598-6421", "proxy callable": "鷹司千早", "proxy story": "すずらんの坂をくだる夕方",
    "letter": "かたつむりの郵便うけ", "named in the letter": "柊木サダ子", "letter of danger": "死にたいと綿雲の上で聞いた",
    "refused number": "482159736025", "refused phone": "たぶん桔梗屋の電話", "call": "よるの汽笛をかぞえる",
    "draft": "ひつじ雲の下書き", "formulation": "古時計がゆっくり動く", "advice": "桃の木の下で休む", "next": "風鈴の音を確かめる",
    "release": "砂時計をさかさにする", "handover": "渡り鳥をみおくる", "summary": "石けりをした帰り道", "closing": "みかんの花が咲くころ",
}  # fmt: skip
SPOKEN = (
    "chat.postMessage",
    "chat.update",
    "chat.postEphemeral",
    "views.publish",
    "files.",
    "conversations.",
)
SURFACES = ("views.open", "views.push", "views.update")
Found = set[tuple[str, str]]  # (where, which canary)


def written(canary: str) -> Iterator[bytes]:
    """Every way the same words may stand in a file."""
    forms = {canary, "".join(canary.split("-")), canary.removesuffix("さん")}
    for each in forms:
        escaped = json.dumps(each).strip('"')
        for text in {each, escaped, escaped.upper().replace("\\U", "\\u"), quote(each)}:
            yield text.encode()
        yield each.encode("utf-16-le")


def found_in(where: str, content: bytes) -> Found:
    """Which canaries sing there."""
    return {
        (where, name) for name, canary in PLANTED.items() if any(way in content for way in written(canary))
    }


def outbound(workspace: Workspace) -> Iterator[tuple[str, str]]:
    """What the bot sent, where nobody in particular reads it: all of every message, card, Home and file name;
    of a modal, which the entitled opened, only what travels unseen: its metadata, and the values of its buttons.
    """
    for row in workspace.traffic.after(0):
        request, response = row["request"], row["response"]
        if row["direction"] == "bot→slack" and str(row["method"]).startswith(SPOKEN):
            yield str(row["method"]), json.dumps(request, ensure_ascii=False)
        elif row["direction"] == "bot→slack" and row["method"] in SURFACES:
            yield "metadata", json.dumps(list(_unseen(request)), ensure_ascii=False)
        elif row["direction"] == "slack→bot" and response:
            yield "metadata", json.dumps(list(_unseen(response)), ensure_ascii=False)


def _unseen(thing: Any) -> Iterator[Any]:
    """What a view carries and does not show, however deep it lies, also inside JSON written as text."""
    if isinstance(thing, str) and thing[:1] in {"[", "{"}:
        with contextlib.suppress(ValueError):
            thing = json.loads(thing)
    if isinstance(thing, dict):
        yield from (
            thing[name] for name in ("private_metadata", "callback_id", "external_id") if name in thing
        )
        yield from (thing[name] for name in ("block_id", "action_id") if name in thing)
        if thing.get("type") == "button" and "value" in thing:
            yield thing["value"]
        for part in thing.values():
            yield from _unseen(part)
    elif isinstance(thing, list):
        for part in thing:
            yield from _unseen(part)


def found_in_traffic(workspace: Workspace) -> Found:
    """Which canaries sing in what was sent."""
    return {each for where, text in outbound(workspace) for each in found_in(where, text.encode())}


@dataclass
class Doors:
    """Everybody who can bring words to the desk brings theirs, through each form once."""

    workspace: Workspace

    async def every_one(self) -> None:
        """Come in through all of them."""
        await self._asking()
        await self._by_phone()
        await self._in_a_message()
        await self._at_the_desk()

    async def _asking(self) -> None:
        takagi = self.workspace.person("U_TAKAGI")
        self.workspace.faults.add(what="error", method="views.open", times=1)
        await takagi.command("/相談", PLANTED["broken form"])  # something breaks, and is written down
        await takagi.command("/相談", PLANTED["typed after the command"])
        contact = {"name": PLANTED["name"], "agency": PLANTED["agency"]}
        await takagi.submit({**FOUR, **contact, "phone": PLANTED["refused phone"]})
        await takagi.submit({**FOUR, **contact, "phone": "090-0000-0000", "story": PLANTED["refused number"]})
        story = (
            f"{PLANTED['story']}。{PLANTED['named in the story']}さんが{PLANTED['address in the story']}で、"
            f"電話は{PLANTED['phone in the story']}。{PLANTED['kept in the story']}は花の名です。"
        )
        await _refused(takagi)
        await handed_in(takagi, {**FOUR, **contact, "phone": PLANTED["phone"], "story": story})
        await _sent(takagi)

    async def _by_phone(self) -> None:
        tanaka = self.workspace.person("U_TANAKA")
        await tanaka.command("/受付")
        given = {each: PLANTED[f"proxy {each}"] for each in ("name", "agency", "phone", "callable", "story")}
        await handed_in(tanaka, {**FOUR, **given, "contacted_on": "2026-04-06", "contacted_at": "10:00"})
        await _sent(tanaka)

    async def _in_a_message(self) -> None:
        kitamura, sato = self.workspace.person("U_KITAMURA"), self.workspace.person("U_SATO")
        await kitamura.say("bot", f"{PLANTED['letter']}。{PLANTED['named in the letter']}さんのことです。")
        await pressed(kitamura, "letter.ask", "bot", opens="intake.submit")
        await kitamura.close(clear=True)
        await kitamura.say("bot", PLANTED["letter of danger"])
        await pressed(sato, "letter.open", "bot", opens="letter.submit")
        await sato.close(clear=True)

    async def _at_the_desk(self) -> None:
        sato, suzuki = self.workspace.person("U_SATO"), self.workspace.person("U_SUZUKI")
        one = await newest_card(self.workspace)
        await pressed(sato, "callback.claim", CARDS, value=one)
        await pressed(sato, "details.open", CARDS, opens="details.submit", value=one)
        await pressed(sato, "call.open", "view", opens="call.submit")
        await handed_in(sato, {"outcome": "reached", "note": PLANTED["call"]})
        await pressed(sato, "hearing.open", "view", opens="hearing.submit")
        await sato.fill({"formulation": PLANTED["draft"]})
        await pressed(sato, "hearing.draft", "view")
        heard = {"formulation": PLANTED["formulation"], "advice": PLANTED["advice"]}
        await handed_in(sato, {**heard, "next_action": PLANTED["next"], "next_on": "2099-01-05"})
        await pressed(sato, "handover.open", "view", opens="handover.submit")
        await handed_in(sato, {"taker": "U_SUZUKI", "note": PLANTED["handover"]})
        await pressed(suzuki, "handover.accept", "bot")
        await sato.close(clear=True)
        await pressed(suzuki, "details.open", CARDS, opens="details.submit", value=one)
        await pressed(suzuki, "callback.release", "view", opens="release.submit")
        await handed_in(suzuki, {"note": PLANTED["release"]})
        await self._to_the_end(suzuki, one)

    async def _to_the_end(self, suzuki: Person, one: str) -> None:
        if await suzuki.top_view():
            await suzuki.close(clear=True)
        await pressed(suzuki, "callback.claim", CARDS, value=one)
        await pressed(suzuki, "details.open", CARDS, opens="details.submit", value=one)
        await pressed(suzuki, "activity.open", "view", opens="activity.submit")
        await handed_in(suzuki, {
                "type": "interview", "happened_on": "2026-04-06", "summary": PLANTED["summary"],
                "next_action": PLANTED["next"], "next_on": "2099-01-05",
            }
        )  # fmt: skip
        await pressed(suzuki, "paper.advice", "view")
        await _back_to_details(suzuki)
        await pressed(suzuki, "closing.open", "view", opens="closing.submit")
        ending = {"primary": "advice_closed", "reason": "resolved", "closing_words": PLANTED["closing"]}
        await handed_in(suzuki, ending)
        plain = "訪問を断られていたが、つながりができた。"  # what stays is what a person stands for
        texts = dict.fromkeys(("situation", "formulation", "advice", "outcome"), plain)
        await handed_in(suzuki, {**texts, "agreement": "not_needed"})


async def handed_in(person: Person, answers: dict[str, Any]) -> None:
    """Send a form; where it comes back masked, say of what looks like nothing that it is nobody's name."""
    await person.submit(answers)
    view = await person.top_view()
    if view is None or "伏せました" not in view["title"]["text"]:
        return
    surely = [PLANTED[each] for each in PLANTED if each.startswith(("named", "address", "phone"))]
    kept = {
        name: [
            option["value"]
            for block in view["blocks"]
            if block.get("block_id", "").startswith(f"{name}~")
            for option in block["element"]["options"]
            if not any(surface in each for surface in json.loads(option["value"])[2] for each in surely)
        ]
        for name in ("keep", "keep_rest")
    }
    await person.submit({name: values for name, values in kept.items() if values})


async def newest_card(workspace: Workspace) -> str:
    """The consultation behind the newest card."""
    found: list[str] = []

    async def there() -> bool:
        messages = list(workspace.world.channels[CARDS].messages.values())
        found[:] = [
            element["value"]
            for message in messages
            for block in message.get("blocks") or ()
            for element in block.get("elements") or ()
            if element.get("action_id", "").split("#")[0] == "callback.claim"
        ]
        return len(found) == 2

    await until(there, 8)
    return found[-1]


async def pressed(
    person: Person, action: str, where: str, *, opens: str = "", value: str | None = None
) -> None:
    """Press the newest button of this name as soon as it is there; wait for what it opens."""

    async def done() -> bool:
        for thing, place in await _things(person, where):
            found = _pressable(thing.get("blocks") or [], action, value, **place)
            if found:
                try:
                    answer = await person.press(**found)
                except NotOnScreen:
                    return False
                top = await person.top_view()
                return bool(answer["acked"] and (not opens or (top and top["callback_id"] == opens)))
        return False

    try:
        await until(done, 8)
    except TimeoutError:
        seen = [await person.seen(each) for each in (where, "view")]
        raise AssertionError(f"{person.id} could not press {action}: {seen}") from None


async def _things(person: Person, where: str) -> Iterable[tuple[dict[str, Any], dict[str, Any]]]:
    if where == "view":
        view = await person.top_view()
        return [(view, {"view_id": view["id"]})] if view else []
    messages = await person.messages(where)
    return [(each, {"channel": where, "ts": each["ts"]}) for each in reversed(messages)]


async def _back_to_details(person: Person) -> None:
    while (view := await person.top_view()) and view["callback_id"] != "details.submit":
        await person.close()


async def _refused(person: Person) -> None:
    """Close the little window, if the refusal came in one."""
    view = await person.top_view()
    if view and view["callback_id"] == "notice.submit":
        await person.close()


async def _sent(person: Person) -> None:
    view = await person.top_view()
    assert view and view["callback_id"] in {"receipt.submit", "entered.submit"}, await person.seen("view")
    await person.close(clear=True)
