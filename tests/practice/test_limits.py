"""One over every limit is refused with a pointer to the place; exactly at the limit is taken."""

import copy
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.practice import serve

from .conftest import actions, asks, button, modal, option, plain, refused, section, web_client

TEXT = {"type": "plain_text_input"}


def chart(kind: str = "bar", series: int = 1, categories: int = 2, **more: Any) -> dict[str, Any]:
    labels = [f"c{n}" for n in range(categories)]
    rows = [{"name": f"s{n}", "data": [{"label": c, "value": 1} for c in labels]} for n in range(series)]
    body = {"type": kind, "series": rows, "axis_config": {"categories": labels}}
    return {"type": "data_visualization", "title": "t", "chart": body} | more


def pie(segments: int, label: str = "l") -> dict[str, Any]:
    parts = [{"label": label, "value": 1} for _ in range(segments)]
    return {"type": "data_visualization", "title": "t", "chart": {"type": "pie", "segments": parts}}


def table(rows: int, cells: int) -> dict[str, Any]:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * cells for _ in range(rows)]}


def select(**more: Any) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "s", "options": [option("a")]} | more


def confirm(**more: Any) -> dict[str, Any]:
    words = {"title": plain("t"), "text": plain("t"), "confirm": plain("t"), "deny": plain("t")} | more
    return actions(button(confirm=words))


def picture(alt: str) -> dict[str, Any]:
    return {"type": "image", "image_url": "https://example.test/a.png", "alt_text": alt}


def context(count: int) -> dict[str, Any]:
    return {"type": "context", "elements": [plain("x")] * count}


def overflow(count: int) -> dict[str, Any]:
    return actions({"type": "overflow", "action_id": "o", "options": [option(str(n)) for n in range(count)]})


def few(kind: str, count: int) -> dict[str, Any]:
    return asks({"type": kind, "options": [option(str(n)) for n in range(count)]})


def grouped(count: int, label: str = "g") -> dict[str, Any]:
    groups = [{"label": plain(label), "options": [option("a")]} for _ in range(count)]
    return actions({"type": "static_select", "action_id": "s", "option_groups": groups})


# what, how it is drawn for a size, the limit, where the problem lies
MESSAGES = [
    ("blocks", lambda n: [section()] * n, 50, "/blocks"),
    ("section text", lambda n: [section("x" * n)], 3000, "/blocks/0/text/text"),
    ("section fields", lambda n: [{"type": "section", "fields": [plain("x")] * n}], 10, "/blocks/0/fields"),
    ("field", lambda n: [{"type": "section", "fields": [plain("x" * n)]}], 2000, "/blocks/0/fields/0/text"),
    ("header", lambda n: [{"type": "header", "text": plain("x" * n)}], 150, "/blocks/0/text/text"),
    ("context", lambda n: [context(n)], 10, "/blocks/0/elements"),
    ("actions", lambda n: [actions(*[button(f"a{i}") for i in range(n)])], 25, "/blocks/0/elements"),
    ("button text", lambda n: [actions(button(text="x" * n))], 75, "/blocks/0/elements/0/text/text"),
    ("button value", lambda n: [actions(button(value="x" * n))], 2000, "/blocks/0/elements/0/value"),
    ("button url", lambda n: [actions(button(url="x" * n))], 3000, "/blocks/0/elements/0/url"),
    ("action_id", lambda n: [actions(button("x" * n))], 255, "/blocks/0/elements/0/action_id"),
    ("block_id", lambda n: [section(block_id="x" * n)], 255, "/blocks/0/block_id"),
    ("options", lambda n: [actions(select(options=[option("a")] * n))], 100, "/blocks/0/elements/0/options"),
    (
        "option text",
        lambda n: [actions(select(options=[{"text": plain("x" * n), "value": "a"}]))],
        75,
        "/blocks/0/elements/0/options/0/text/text",
    ),
    (
        "option value",
        lambda n: [actions(select(options=[{"text": plain("x"), "value": "x" * n}]))],
        150,
        "/blocks/0/elements/0/options/0/value",
    ),
    (
        "option description",
        lambda n: [actions(select(options=[option("a") | {"description": plain("x" * n)}]))],
        75,
        "/blocks/0/elements/0/options/0/description/text",
    ),
    ("option groups", lambda n: [grouped(n)], 100, "/blocks/0/elements/0/option_groups"),
    ("group label", lambda n: [grouped(1, "x" * n)], 75, "/blocks/0/elements/0/option_groups/0/label/text"),
    (
        "placeholder",
        lambda n: [actions(select(placeholder=plain("x" * n)))],
        150,
        "/blocks/0/elements/0/placeholder/text",
    ),
    ("overflow", lambda n: [overflow(n)], 5, "/blocks/0/elements/0/options"),
    (
        "confirm title",
        lambda n: [confirm(title=plain("x" * n))],
        100,
        "/blocks/0/elements/0/confirm/title/text",
    ),
    ("confirm text", lambda n: [confirm(text=plain("x" * n))], 300, "/blocks/0/elements/0/confirm/text/text"),
    (
        "confirm yes",
        lambda n: [confirm(confirm=plain("x" * n))],
        30,
        "/blocks/0/elements/0/confirm/confirm/text",
    ),
    ("confirm no", lambda n: [confirm(deny=plain("x" * n))], 30, "/blocks/0/elements/0/confirm/deny/text"),
    ("alt text", lambda n: [picture("x" * n)], 2000, "/blocks/0/alt_text"),
    ("table rows", lambda n: [table(n, 1)], 100, "/blocks/0/rows"),
    ("table cells", lambda n: [table(1, n)], 20, "/blocks/0/rows/0"),
    ("tables", lambda n: [table(1, 1)] * n, 1, "/blocks"),
    ("markdown", lambda n: [{"type": "markdown", "text": "x" * n}], 12_000, "/blocks/0/text"),
    ("charts", lambda n: [chart()] * n, 2, "/blocks"),
    ("chart title", lambda n: [chart(title="x" * n)], 50, "/blocks/0/title"),
    ("chart series", lambda n: [chart(series=n)], 12, "/blocks/0/chart/series"),
    ("chart categories", lambda n: [chart(categories=n)], 20, "/blocks/0/chart/axis_config/categories"),
    ("pie segments", lambda n: [pie(n)], 12, "/blocks/0/chart/segments"),
    ("pie label", lambda n: [pie(1, "x" * n)], 20, "/blocks/0/chart/segments/0/label"),
]
MODALS = [
    ("blocks", lambda n: modal(*[section()] * n), 100, "/view/blocks"),
    ("title", lambda n: modal(section(), title=plain("x" * n)), 24, "/view/title/text"),
    ("submit", lambda n: modal(section(), submit=plain("x" * n)), 24, "/view/submit/text"),
    ("close", lambda n: modal(section(), close=plain("x" * n)), 24, "/view/close/text"),
    ("callback_id", lambda n: modal(section(), callback_id="x" * n), 255, "/view/callback_id"),
    ("external_id", lambda n: modal(section(), external_id="x" * n), 255, "/view/external_id"),
    (
        "kinds of conversations",
        lambda n: modal(asks({"type": "conversations_select", "filter": {"include": ["im"] * n}})),
        4,
        "/view/blocks/0/element/filter/include",
    ),
    (
        "private_metadata",
        lambda n: modal(section(), private_metadata="x" * n),
        3000,
        "/view/private_metadata",
    ),
    ("label", lambda n: modal(asks(TEXT, label=plain("x" * n))), 2000, "/view/blocks/0/label/text"),
    ("hint", lambda n: modal(asks(TEXT, hint=plain("x" * n))), 2000, "/view/blocks/0/hint/text"),
    (
        "max_length",
        lambda n: modal(asks(TEXT | {"max_length": n})),
        3000,
        "/view/blocks/0/element/max_length",
    ),
    (
        "initial",
        lambda n: modal(asks(TEXT | {"initial_value": "x" * n})),
        3000,
        "/view/blocks/0/element/initial_value",
    ),
    ("checkboxes", lambda n: modal(few("checkboxes", n)), 10, "/view/blocks/0/element/options"),
    ("radio", lambda n: modal(few("radio_buttons", n)), 10, "/view/blocks/0/element/options"),
    ("alert", lambda n: modal({"type": "alert", "text": plain("x" * n)}), 3000, "/view/blocks/0/text/text"),
]


def places(messages: list[str]) -> list[str]:
    return [message.split("[json-pointer:")[1].rstrip("]") for message in messages]


@pytest.mark.parametrize(
    ("draw", "most", "pointer"), [row[1:] for row in MESSAGES], ids=[row[0] for row in MESSAGES]
)
async def test_a_message_one_over_a_limit_is_refused_at_its_place(
    client: AsyncWebClient, draw, most, pointer
):
    at_limit = await client.chat_postMessage(channel="C_GENERAL", text="t", blocks=draw(most))

    answer = await refused(client.chat_postMessage(channel="C_GENERAL", text="t", blocks=draw(most + 1)))

    assert at_limit["ok"]
    assert answer["error"] == "invalid_blocks"
    assert pointer in places(answer["errors"])
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {problem}" for problem in answer["errors"]]


@pytest.mark.parametrize(
    ("draw", "most", "pointer"), [row[1:] for row in MODALS], ids=[row[0] for row in MODALS]
)
async def test_a_modal_one_over_a_limit_is_refused_at_its_place(workspace, client, draw, most, pointer):
    trigger = workspace.surfaces.new_trigger("U_TAKAGI")
    assert (await client.views_open(trigger_id=trigger, view=draw(most)))["ok"]

    trigger = workspace.surfaces.new_trigger("U_TAKAGI")
    answer = await refused(client.views_open(trigger_id=trigger, view=draw(most + 1)))

    assert answer["error"] == "invalid_arguments"
    assert pointer in places(answer["response_metadata"]["messages"])


async def test_home_takes_100_blocks_and_no_more(client):
    home = {"type": "home", "blocks": [section()] * 100}
    assert (await client.views_publish(user_id="U_TAKAGI", view=home))["ok"]

    home["blocks"] = [section()] * 101
    answer = await refused(client.views_publish(user_id="U_TAKAGI", view=home))

    assert places(answer["response_metadata"]["messages"]) == ["/view/blocks"]


WRONG = [
    ("no type", [{"text": plain("x")}], "/blocks/0/type"),
    ("unknown block", [{"type": "sektion"}], "/blocks/0/type"),
    ("unknown field", [section(colour="red")], "/blocks/0"),
    ("nothing said", [{"type": "section"}], "/blocks/0"),
    ("empty text", [section("")], "/blocks/0/text/text"),
    ("mrkdwn in a header", [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "/blocks/0/text/type"),
    ("mrkdwn on a button", [actions(button() | {"text": {"type": "mrkdwn", "text": "x"}})], "/blocks/0/elements/0/text/type"),
    ("a button without text", [actions({"type": "button", "action_id": "a"})], "/blocks/0/elements/0"),
    ("a loud style", [actions(button(style="loud"))], "/blocks/0/elements/0/style"),
    ("an input field in actions", [actions({"type": "plain_text_input", "action_id": "a"})], "/blocks/0/elements/0/type"),
    ("a field as accessory", [section(accessory={"type": "plain_text_input"})], "/blocks/0/accessory/type"),
    ("one block_id twice", [section(block_id="x"), section(block_id="x")], "/blocks/1/block_id"),
    ("one action_id twice in a block", [actions(button("x"), button("x"))], "/blocks/0/elements/1/action_id"),
    ("an alert in a message", [{"type": "alert", "text": plain("x")}], "/blocks/0/type"),
    ("no options", [actions(select(options=[]))], "/blocks/0/elements/0/options"),
    ("neither options nor groups", [actions({"type": "static_select", "action_id": "s"})], "/blocks/0/elements/0"),
    ("initial not offered", [actions(select(initial_option=option("z")))], "/blocks/0/elements/0/initial_option"),
    ("a picture from nowhere", [{"type": "image", "alt_text": "x"}], "/blocks/0"),
    ("a picture undescribed", [{"type": "image", "image_url": "https://example.test/a"}], "/blocks/0"),
    ("no such day", [actions({"type": "datepicker", "initial_date": "2026-13-01"})], "/blocks/0/elements/0/initial_date"),
    ("not a list", {"type": "section"}, "/blocks"),
    ("not a block", ["x"], "/blocks/0"),
    ("a chart off its axis", [chart(chart=chart()["chart"] | {"axis_config": {"categories": ["z"]}})], "/blocks/0/chart/series/0/data"),
    ("a file asked for in a message", [asks({"type": "file_input"})], "/blocks/0/element/type"),
]  # fmt: skip


@pytest.mark.parametrize(("blocks", "pointer"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
async def test_blocks_that_make_no_sense_are_refused_at_their_place(
    client: AsyncWebClient, blocks: Any, pointer: str
):
    answer = await refused(client.chat_postMessage(channel="C_GENERAL", text="t", blocks=blocks))

    assert answer["error"] == "invalid_blocks"
    assert pointer in places(answer["errors"])


VIEWS = [
    ("no submit", modal(asks(TEXT), submit=None), "/view"),
    ("no title", modal(section(), title=None), "/view"),
    ("unknown kind", modal(section(), type="page"), "/view/type"),
    ("a table", modal(table(1, 1)), "/view/blocks/0/type"),
    ("markdown", modal({"type": "markdown", "text": "x"}), "/view/blocks/0/type"),
    (
        "min over max",
        modal(asks(TEXT | {"min_length": 5, "max_length": 4})),
        "/view/blocks/0/element/min_length",
    ),
    ("two of one block", modal(asks(TEXT, "x"), asks(TEXT, "x")), "/view/blocks/1/block_id"),
    ("two foci", modal(*[asks(TEXT | {"focus_on_load": True}, b) for b in "xy"]), "/view/blocks"),
    ("no label", modal({"type": "input", "element": TEXT}), "/view/blocks/0"),
]


@pytest.mark.parametrize(("view", "pointer"), [row[1:] for row in VIEWS], ids=[row[0] for row in VIEWS])
async def test_modals_that_make_no_sense_are_refused_at_their_place(
    workspace, client, view: Any, pointer: str
):
    trigger = workspace.surfaces.new_trigger("U_TAKAGI")

    answer = await refused(client.views_open(trigger_id=trigger, view=view))

    assert pointer in places(answer["response_metadata"]["messages"])


async def test_a_refused_modal_leaves_the_trigger_unspent(workspace, client):
    trigger = workspace.surfaces.new_trigger("U_TAKAGI")
    await refused(client.views_open(trigger_id=trigger, view=modal(title=plain("x" * 25))))

    assert (await client.views_open(trigger_id=trigger, view=modal(section())))["ok"]


async def test_blocks_validate_says_what_posting_would_say(client: AsyncWebClient):
    bad = [section("x" * 3001)]

    assert (await client.api_call("blocks.validate", json={"blocks": [section()]}))["ok"]
    assert (await refused(client.api_call("blocks.validate", json={"blocks": bad})))["errors"] == (
        await refused(client.chat_postMessage(channel="C_GENERAL", text="t", blocks=bad))
    )["errors"]


async def test_the_same_button_may_stand_on_every_row(client: AsyncWebClient):
    rows = [section(f"{n}", accessory=button("open", value=str(n))) for n in range(3)]

    assert (await client.chat_postMessage(channel="C_GENERAL", text="t", blocks=rows))["ok"]


async def test_blocks_are_not_changed_by_being_sent():
    blocks = [actions({"type": "button", "text": plain("x")})]
    before = copy.deepcopy(blocks)
    async with serve() as workspace:
        posted = await web_client(workspace).chat_postMessage(channel="C_GENERAL", text="t", blocks=blocks)

    assert blocks == before
    assert posted["message"]["blocks"][0]["block_id"]
    assert posted["message"]["blocks"][0]["elements"][0]["action_id"]
