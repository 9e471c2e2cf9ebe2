"""The workspace itself: files, pages that watch, seeds, running it."""

import asyncio
import io
import socket

import aiohttp
import pytest

from bot.practice import Person, run_forever, serve

from .conftest import code, section, web_client


async def test_a_file_is_shared_shown_and_taken_away(workspace, client):
    pdf = b"%PDF-1.7 x"
    await client.conversations_open(users="U_SATO")
    answer = await client.files_upload_v2(
        channel="D_SATO", file=io.BytesIO(pdf), filename="a.pdf", title="お返事", initial_comment="どうぞ"
    )
    file = answer["files"][0]
    sato = workspace.person("U_SATO")
    message = (await sato.messages())[0]

    assert await sato.texts() == ["どうぞ\nお返事"]
    assert (file["mimetype"], file["size"]) == ("application/pdf", len(pdf))
    async with aiohttp.ClientSession() as session:

        async def fetch(address, **headers):
            async with session.get(address, headers=headers) as response:
                return response.status, await response.read()

        bearer = {"Authorization": f"Bearer {workspace.bot_token}"}
        assert await fetch(file["url_private"], **bearer) == (200, pdf)
        assert (await fetch(file["url_private"]))[0] == 403
        page = workspace.url + message["files"][0]["page_url"]
        assert await fetch(page) == (200, pdf)
        assert (await fetch(page.replace("U_SATO", "U_MORI")))[0] == 404
    await client.files_delete(file=file["id"])
    assert (await sato.messages())[0]["files"] == []
    assert await code(client.files_info(file=file["id"])) == "file_not_found"


async def test_a_person_works_from_elsewhere_with_only_an_address(workspace, client):
    await client.chat_postMessage(channel="U_SATO", text="届きました")

    assert await Person(workspace.url, "U_SATO").texts() == ["届きました"]


async def test_a_page_is_told_what_changed_for_its_person(workspace, client):
    address = workspace.url.replace("http", "ws") + "/practice/watch?as="
    async with aiohttp.ClientSession() as session:
        sato, mori = (
            await session.ws_connect(address + "U_SATO"),
            await session.ws_connect(address + "U_MORI"),
        )
        await client.views_publish(user_id="U_SATO", view={"type": "home", "blocks": [section()]})
        await client.chat_postMessage(channel="C_CALLBACKS", text="x")

        async def told(socket):
            changes = []
            while {"what": "messages", "channel": "C_CALLBACKS"} not in changes:
                changes.append(await socket.receive_json(timeout=3))
            return {change["what"] for change in changes}

        assert "home" in await told(sato)
        assert "home" not in await told(mori)
        await sato.close()
        await mori.close()


async def test_seeds_replace_what_they_name():
    seed = {
        "people": [{"id": "U_A", "name": "a"}],
        "channels": [{"id": "C_A", "name": "a", "members": ["U_A", "BOT"]}],
    }
    async with serve(seed=seed) as workspace:
        answer = await web_client(workspace).users_list()

    assert {user["id"] for user in answer["members"]} == {"U_A", "U_YORISOI"}
    with pytest.raises(ValueError, match="unknown keys"):
        async with serve(seed={"people": [{"id": "U_A", "name": "a", "shoe_size": 1}]}):
            pass


async def test_it_runs_on_a_port_until_it_is_stopped():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    manifest = {"features": {"bot_user": {"display_name": "つなぎ"}}}
    running = asyncio.create_task(run_forever(port, manifest))
    person = Person(f"http://127.0.0.1:{port}", "U_TAKAGI")
    async with asyncio.timeout(3):
        while True:
            try:
                state = await person.state()
                break
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert state["bot"]["name"] == "つなぎ"
    with pytest.raises(aiohttp.ClientConnectionError):
        await person.state()


async def test_a_port_in_use_is_an_error_at_once(workspace):
    with pytest.raises(OSError):
        await run_forever(int(workspace.url.rsplit(":", 1)[1]))


async def test_the_example_has_everyone_and_every_place(workspace):
    people, channels = workspace.world.people, workspace.world.channels
    roles = "TAKAGI KITAMURA SATO SUZUKI MORI TANAKA YAMAMOTO KONDO HAYASHI OKADA NISHI FUJII ADMIN GUEST STRANGER GONE YORISOI"

    assert set(people) == {f"U_{name}" for name in roles.split()}
    assert {c.id for c in channels.values() if c.is_private} == {"C_CALLBACKS", "C_COORD"}
    assert all("U_YORISOI" in channel.members for channel in channels.values())
    assert people["U_ADMIN"].is_admin and people["U_STRANGER"].is_stranger and people["U_GONE"].deleted
    assert not people["U_SATO"].is_admin
    assert not people["U_GUEST"].is_stranger
