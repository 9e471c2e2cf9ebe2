"""A screen may lag behind: what stood there a moment ago can still be pressed, as at Slack."""

import pytest

from bot.practice import NotOnScreen

from .conftest import SATO, actions, button, listening, section


async def test_a_button_of_the_card_before_its_edit_still_reaches_the_app(workspace, client):
    sato, old = workspace.person(SATO), actions(button("claim", value="c1"), block_id="old")
    async with listening(workspace) as ear:
        posted = await client.chat_postMessage(channel="C_CALLBACKS", text="x", blocks=[old])
        await client.chat_update(
            channel="C_CALLBACKS", ts=posted["ts"], text="x", blocks=[section("担当が決まりました")]
        )
        answer = await sato.press("claim", channel="C_CALLBACKS", ts=posted["ts"], block_id="old")

    assert answer["acked"]
    assert ear.heard[-1].payload["actions"][0]["value"] == "c1"


async def test_a_button_of_a_home_before_it_was_drawn_anew_still_reaches_the_app(workspace, client):
    sato = workspace.person(SATO)
    async with listening(workspace) as ear:
        for name in ("before", "after"):
            home = {"type": "home", "blocks": [actions(button("open", value=name), block_id=name)]}
            await client.views_publish(user_id=SATO, view=home)
        answer = await sato.press("open", home=True, block_id="before")

    assert answer["acked"]
    assert ear.heard[-1].payload["actions"][0]["value"] == "before"


async def test_whoever_names_no_block_presses_what_stands_there_now(workspace, client):
    sato = workspace.person(SATO)
    async with listening(workspace):
        posted = await client.chat_postMessage(
            channel="C_CALLBACKS", text="x", blocks=[actions(button("claim"))]
        )
        await client.chat_update(channel="C_CALLBACKS", ts=posted["ts"], text="x", blocks=[section()])

        with pytest.raises(NotOnScreen):
            await sato.press("claim", channel="C_CALLBACKS", ts=posted["ts"])
        with pytest.raises(NotOnScreen):
            await sato.press("claim", channel="C_CALLBACKS", ts=posted["ts"], block_id="never")
