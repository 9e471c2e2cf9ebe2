"""Modals: triggers, stacks, state, what submitting and closing do."""

import asyncio

import pytest

from bot.practice import NotOnScreen, serve

from .conftest import (
    Watchmaker,
    actions,
    asks,
    bolt,
    button,
    code,
    connected,
    modal,
    option,
    section,
    web_client,
)

TEXT = {"type": "plain_text_input"}


def view_of(app, answer):
    """Make the app answer the form with `answer` and remember what it got."""
    got = []

    @app.view("form")
    async def form(ack, body):
        got.append(body)
        await ack(**answer)

    return got


async def opened(workspace, client, view, user="U_TAKAGI"):
    answer = await client.views_open(trigger_id=workspace.surfaces.new_trigger(user), view=view)
    return answer["view"]


async def test_a_trigger_opens_one_modal_and_no_second(workspace, client):
    trigger = workspace.surfaces.new_trigger("U_TAKAGI")
    await client.views_open(trigger_id=trigger, view=modal(section()))

    assert await code(client.views_open(trigger_id=trigger, view=modal(section()))) == "exchanged_trigger_id"
    assert await code(client.views_open(trigger_id="1.2.3", view=modal(section()))) == "invalid_trigger_id"


@pytest.mark.parametrize(("seconds", "answer"), [(2.9, None), (3.1, "expired_trigger_id")])
async def test_a_trigger_lives_three_seconds(seconds, answer):
    clock = Watchmaker()
    async with serve(clock=clock) as workspace:
        trigger = workspace.surfaces.new_trigger("U_TAKAGI")
        clock.advance(seconds=seconds)
        opening = web_client(workspace).views_open(trigger_id=trigger, view=modal(section()))
        if answer:
            assert await code(opening) == answer
        else:
            assert (await opening)["ok"]


async def test_a_command_opens_a_form_and_its_answers_arrive(workspace, app, client):
    got = view_of(app, {})

    @app.command("/soudan")
    async def soudan(ack, body, client):
        await client.views_open(trigger_id=body["trigger_id"], view=modal(asks(TEXT), private_metadata="pm"))
        await ack()

    takagi = workspace.person("U_TAKAGI")
    assert (await takagi.command("/soudan"))["acked"]
    outcome = await takagi.submit(b="眠れない")

    assert (outcome["acked"], outcome["errors"], outcome["warning"]) == (True, None, None)
    view = got[0]["view"]
    assert view["state"]["values"] == {"b": {"a": {"type": "plain_text_input", "value": "眠れない"}}}
    assert (view["private_metadata"], view["callback_id"]) == ("pm", "form")
    assert got[0]["user"]["id"] == "U_TAKAGI"
    assert await takagi.top_view() is None


ELEMENTS = [
    ("plain_text_input", {}, "x", {"value": "x"}),
    ("number_input", {"is_decimal_allowed": False}, "12", {"value": "12"}),
    ("email_text_input", {}, "a@example.test", {"value": "a@example.test"}),
    ("url_text_input", {}, "https://example.test", {"value": "https://example.test"}),
    ("static_select", {"options": [option("a"), option("b")]}, "b", {"selected_option": option("b")}),
    ("multi_static_select", {"options": [option("a"), option("b")]}, ["a"], {"selected_options": [option("a")]}),
    ("radio_buttons", {"options": [option("a"), option("b")]}, "a", {"selected_option": option("a")}),
    ("checkboxes", {"options": [option("a"), option("b")]}, ["a", "b"], {"selected_options": [option("a"), option("b")]}),
    ("users_select", {}, "U_SATO", {"selected_user": "U_SATO"}),
    ("multi_users_select", {}, ["U_SATO"], {"selected_users": ["U_SATO"]}),
    ("conversations_select", {}, "C_GENERAL", {"selected_conversation": "C_GENERAL"}),
    ("multi_conversations_select", {}, ["C_GENERAL"], {"selected_conversations": ["C_GENERAL"]}),
    ("channels_select", {}, "C_GENERAL", {"selected_channel": "C_GENERAL"}),
    ("datepicker", {}, "2026-11-24", {"selected_date": "2026-11-24"}),
    ("timepicker", {}, "10:30", {"selected_time": "10:30"}),
    ("datetimepicker", {}, 1795400000, {"selected_date_time": 1795400000}),
]  # fmt: skip
EMPTY = {"value": None, "selected_option": None, "selected_options": [], "selected_users": []}


@pytest.mark.parametrize("row", ELEMENTS, ids=[row[0] for row in ELEMENTS])
async def test_every_input_has_slacks_shape_filled_and_empty(workspace, app, client, row):
    kind, more, value, state = row
    got = view_of(app, {"response_action": "clear"})
    takagi = workspace.person("U_TAKAGI")
    view = modal(asks({"type": kind, **more}, optional=True))

    await opened(workspace, client, view)
    await takagi.submit()
    await opened(workspace, client, view)
    await takagi.submit(b=value)

    empty, filled = (body["view"]["state"]["values"]["b"]["a"] for body in got)
    (key,) = state
    assert filled == {"type": kind, **state}
    assert empty == {"type": kind, key: EMPTY.get(key, [] if isinstance(state[key], list) else None)}


async def test_what_a_person_left_out_is_asked_before_sending(workspace, app, client):
    got = view_of(app, {})
    takagi = workspace.person("U_TAKAGI")
    await opened(workspace, client, modal(asks(TEXT), asks({"type": "users_select"}, "who")))

    outcome = await takagi.submit(b="x")

    assert set(outcome["errors"]) == {"who"}
    assert not got
    assert (await takagi.submit(who="U_SATO"))["acked"]
    assert len(got) == 1


@pytest.mark.parametrize(
    ("element", "value"),
    [
        (TEXT | {"min_length": 5}, "1234"),
        (TEXT | {"max_length": 5}, "123456"),
        (TEXT, "x" * 3001),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5"),
        ({"type": "number_input", "is_decimal_allowed": True, "max_value": "9"}, "9.5"),
        ({"type": "number_input", "is_decimal_allowed": False, "min_value": "3"}, "2"),
        ({"type": "email_text_input"}, "nobody"),
        ({"type": "url_text_input"}, "example"),
        ({"type": "multi_users_select", "max_selected_items": 1}, ["U_SATO", "U_MORI"]),
    ],
)
async def test_what_does_not_fit_is_asked_again_before_sending(workspace, app, client, element, value):
    got = view_of(app, {})
    await opened(workspace, client, modal(asks(element)))

    outcome = await workspace.person("U_TAKAGI").submit(b=value)

    assert list(outcome["errors"]) == ["b"]
    assert not got


async def test_errors_stay_on_the_form_and_nothing_typed_is_lost(workspace, app, client):
    view_of(app, {"response_action": "errors", "errors": {"b": "もう一度"}})
    takagi = workspace.person("U_TAKAGI")
    await opened(workspace, client, modal(asks(TEXT)))

    outcome = await takagi.submit(b="x")

    assert (outcome["errors"], outcome["response_action"]) == ({"b": "もう一度"}, "errors")
    assert (await takagi.top_view())["state"]["values"]["b"]["a"]["value"] == "x"


async def test_errors_on_a_field_that_is_none_break_as_in_slack(workspace, app, client):
    view_of(app, {"response_action": "errors", "errors": {"other": "x"}})
    await opened(workspace, client, modal(asks(TEXT)))

    outcome = await workspace.person("U_TAKAGI").submit(b="x")

    assert outcome["warning"]
    assert "other" in outcome["invalid"][0]


async def test_update_keeps_what_was_typed_where_the_field_stays(workspace, app, client):
    changed = modal(asks(TEXT | {"initial_value": "new"}), asks(TEXT | {"initial_value": "first"}, "c"))
    view_of(app, {"response_action": "update", "view": changed})
    takagi = workspace.person("U_TAKAGI")
    await opened(workspace, client, modal(asks(TEXT | {"initial_value": "old"})))

    await takagi.submit(b="typed")

    values = (await takagi.top_view())["state"]["values"]
    assert (values["b"]["a"]["value"], values["c"]["a"]["value"]) == ("typed", "first")


async def test_push_lies_on_top_and_closing_shows_what_was_below(workspace, app, client):
    view_of(app, {"response_action": "push", "view": modal(section("two"), callback_id="second")})
    takagi = workspace.person("U_TAKAGI")
    first = await opened(workspace, client, modal(asks(TEXT)))

    await takagi.submit(b="x")
    top = await takagi.top_view()
    await takagi.close()

    assert (top["previous_view_id"], top["root_view_id"]) == (first["id"], first["id"])
    assert [view["id"] for view in await takagi.views()] == [first["id"]]


async def test_a_fourth_layer_is_refused(workspace, app, client):
    codes = []

    @app.action("deeper")
    async def deeper(ack, body, client):
        await ack()
        try:
            await client.views_push(trigger_id=body["trigger_id"], view=modal(actions(button("deeper"))))
            codes.append("ok")
        except Exception as problem:
            codes.append(problem.response["error"])

    takagi = workspace.person("U_TAKAGI")
    await opened(workspace, client, modal(actions(button("deeper"))))
    for _ in range(3):
        await takagi.press("deeper")

    assert codes == ["ok", "ok", "push_limit_reached"]
    await takagi.close(clear=True)
    assert await takagi.views() == []


async def test_a_modal_that_slack_would_not_draw_is_told_as_a_warning(workspace, app, client):
    view_of(app, {"response_action": "update", "view": modal(section("x" * 3001))})
    await opened(workspace, client, modal(asks(TEXT)))

    outcome = await workspace.person("U_TAKAGI").submit(b="x")

    assert outcome["warning"]
    assert "/view/blocks/0/text/text" in outcome["invalid"][0]


async def test_an_old_hash_conflicts(workspace, client):
    view = await opened(workspace, client, modal(section("1")))
    await client.views_update(view_id=view["id"], hash=view["hash"], view=modal(section("2")))

    stale = client.views_update(view_id=view["id"], hash=view["hash"], view=modal(section("3")))

    assert await code(stale) == "hash_conflict"
    assert await code(client.views_update(view_id="V0", view=modal(section()))) == "not_found"
    await workspace.person("U_TAKAGI").sees("2", "view")


async def test_external_ids_name_one_view(workspace, client):
    await opened(workspace, client, modal(section("1"), external_id="e"))
    second = workspace.surfaces.new_trigger("U_SATO")

    duplicate = client.views_open(trigger_id=second, view=modal(section(), external_id="e"))

    assert await code(duplicate) == "duplicate_external_id"
    assert (await client.views_update(external_id="e", view=modal(section("2"), external_id="e")))["ok"]
    await workspace.person("U_TAKAGI").sees("2", "view")


async def test_closing_is_told_only_where_asked_for(workspace, app, client):
    got = []

    @app.view_closed("form")
    async def closed(ack, body):
        got.append(body["is_cleared"])
        await ack()

    takagi = workspace.person("U_TAKAGI")
    await opened(workspace, client, modal(section()))
    await takagi.close()
    assert got == []
    await opened(workspace, client, modal(section(), notify_on_close=True))
    await takagi.close()
    await opened(workspace, client, modal(section(), notify_on_close=True))
    await takagi.close(clear=True)
    assert got == [False, True]


async def test_a_choice_in_a_modal_is_told_with_the_state(workspace, app, client):
    got = []

    @app.action("a")
    async def chosen(ack, body):
        got.append(body)
        await ack()

    select = {"type": "static_select", "options": [option("a"), option("b")]}
    takagi = workspace.person("U_TAKAGI")
    await opened(
        workspace, client, modal(asks(select, dispatch_action=True), asks(TEXT | {"action_id": "t"}, "c"))
    )

    await takagi.fill(c="text")
    await takagi.fill(b="b")

    assert len(got) == 1
    assert got[0]["actions"][0]["selected_option"] == option("b")
    assert got[0]["view"]["state"]["values"]["c"]["t"]["value"] == "text"
    assert got[0]["container"]["type"] == "view"
    with pytest.raises(NotOnScreen, match="no option"):
        await takagi.fill(b="z")


async def test_an_external_select_asks_the_app(workspace, app, client):
    got = view_of(app, {})

    @app.options("a")
    async def options(ack, body):
        await ack(options=[option("x"), option("y")])

    takagi = workspace.person("U_TAKAGI")
    await opened(workspace, client, modal(asks({"type": "external_select"})))
    await takagi.submit(b="y")

    assert got[0]["view"]["state"]["values"]["b"]["a"]["selected_option"] == option("y")


async def test_one_form_sent_twice_at_once_arrives_twice(workspace, app, client):
    got = view_of(app, {})
    takagi = workspace.person("U_TAKAGI")
    await opened(workspace, client, modal(asks(TEXT)))
    await takagi.fill(b="x")
    view = await takagi.top_view()

    await asyncio.gather(*[takagi._do("submit", view_id=view["id"]) for _ in range(2)])

    assert [body["view"]["id"] for body in got] == [view["id"]] * 2


async def test_a_form_nobody_answers_stays_with_a_sentence(workspace, client):
    app = bolt(workspace)
    workspace.link.patience = 0.05
    async with connected(workspace, app):
        await opened(workspace, client, modal(asks(TEXT)))
        takagi = workspace.person("U_TAKAGI")

        outcome = await takagi.submit(b="x")

        assert not outcome["acked"]
        assert "うまく受け取れませんでした" in outcome["warning"]
        assert await takagi.top_view()


async def test_a_file_chosen_in_a_form_can_be_fetched_by_the_app(workspace, app, client):
    got = view_of(app, {})
    takagi = workspace.person("U_TAKAGI")
    await opened(workspace, client, modal(asks({"type": "file_input"})))
    file = await takagi.upload("a.txt", b"\x00\xff")

    await takagi.submit(b=[file])

    sent = got[0]["view"]["state"]["values"]["b"]["a"]["files"][0]
    assert (sent["id"], sent["name"], sent["size"]) == (file, "a.txt", 2)
    assert (await client.files_info(file=file))["file"]["user"] == "U_TAKAGI"
    await opened(workspace, client, modal(asks({"type": "file_input"})))
    with pytest.raises(NotOnScreen, match="no such files"):
        await takagi.fill(b=["F0"])
