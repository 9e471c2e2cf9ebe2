"""似た事例: the window in which a counselor finds, narrows, reads and comes back."""

import logging

import pytest

from bot.logs import TALKATIVE
from bot.practice.person import words
from bot.usecases import precedents
from tests.desk import CARDS
from tests.precedents import CASES, all_thirty, kept, record, released
from tests.searching import COUNSELOR, found


async def chooses(desk, menu: str, code: str) -> None:
    """Choose from one of the menus of the window."""
    place = await desk.sato._find("view", menu, None)
    await desk.sato.press(**place, choice=code)
    await desk.settle()


async def before(desk) -> str:
    """All that stands in the window before the counselor."""
    await desk.settle()
    return words(await desk.sato.top_view())


async def test_the_telling_sentences_carry_the_words_that_were_looked_for(sqlite_desk):
    desk = sqlite_desk
    await all_thirty(desk.bot.desk)
    long = (
        "前置きが続きます。" * 3
        + "これはとても長い文で、" * 12
        + "ここに烏骨鶏が出てきます。"
        + "おわりです。"
    )
    await released(desk.bot.desk, record("long", situation=long, theme="refusal"))
    actor = await desk.actor(COUNSELOR)

    hit = (await precedents.search(desk.bot.desk, actor, "烏骨鶏")).hits[0]

    (passage,) = hit.telling
    assert [words for words, marked in passage if marked] == ["烏骨鶏"]
    assert len("".join(words for words, _ in passage)) <= 115
    assert "".join(words for words, _ in passage).startswith("…")


async def test_a_counselor_finds_reads_and_comes_back(desk):
    await all_thirty(desk.bot.desk)
    async with desk.db.transaction(await desk.actor(COUNSELOR)) as tx:
        for question, answer in (("q1", "helped"), ("q2", "helped"), ("q3", "hard")):
            tx.connection.later(
                "INSERT INTO record_echoes (record, question, answer, heaviness, at)"
                " VALUES ('hikikomori_son', :question, :answer, 'lighter', '2026')",
                {"question": question, "answer": answer},
            )
    await desk.given_claimed(story="息子さんが引きこもり、部屋から出てきません。")

    await desk.sato.presses("details.open", where=CARDS)
    await desk.sato.presses("precedents.alike", where="view")
    seen = await before(desk)
    assert "似た事例" in seen
    assert "\u200b*引きこもり*\u200b" in seen
    assert "体調の話から続ける。" in seen
    assert "試してみて、役に立った 2件、試してみたが、難しかった 1件" in seen
    assert "高齢・介護・湖南圏域・18～64歳・女性・親と子" in seen

    await desk.sato.presses("precedents.read", "hikikomori_son", where="view")
    seen = await before(desk)
    assert "引きこもりの息子が部屋から出てこない。" in seen
    assert "いまの気持ちは「少し軽くなった」" in seen

    await desk.sato.close()
    await desk.sato.fills_and_sends(words="通帳")
    seen = await before(desk)
    assert "通帳" in seen
    assert "認知症" in seen
    assert "引きこもり" not in seen
    view = await desk.sato.top_view()
    assert "通帳" not in view["private_metadata"]

    await desk.sato.fills_and_sends(words="")
    assert "引きこもり" in await before(desk)  # what is like the consultation again


async def test_a_choice_narrows_at_once_and_keeps_what_was_typed(sqlite_desk):
    desk = sqlite_desk
    await all_thirty(desk.bot.desk)
    await desk.sato.open_home()
    await desk.sato.presses("precedents.open", where="home")
    assert f"いま{len(CASES)}件の事例があります" in await desk.sato.reads("view")
    await desk.sato.fills_and_sends(words="引きこもり")
    assert (await desk.sato.reads("view")).count("くわしく") == 2

    await chooses(desk, "precedents.field", "children")
    seen = await desk.sato.reads("view")
    assert seen.count("くわしく") == 1
    assert "漫画" in seen
    assert "\n引きこもり" in seen
    await chooses(desk, "precedents.field", "justice")
    assert (
        "項目を戻すと、広くさがせます" in (await desk.sato.reads("view")).split("困りごと")[0]
    )  # first of all
    await desk.sato.presses("precedents.widen", where="view")
    assert (await desk.sato.reads("view")).count("くわしく") == 2
    assert "項目を戻す" not in await desk.sato.reads("view")  # the control


async def test_five_are_the_nearest_of_more_and_the_next_are_one_press_away(sqlite_desk):
    desk = sqlite_desk
    await released(
        desk.bot.desk, *(record(f"r{n}", situation=f"訪問を断られる{n}番目の家。") for n in range(8))
    )
    await desk.sato.open_home()
    await desk.sato.presses("precedents.open", where="home")
    await desk.sato.fills_and_sends(words="訪問")
    first = await desk.sato.reads("view")
    assert "近いものから5件" in first
    assert "これですべて" not in first

    await desk.sato.presses("precedents.more", where="view")

    then = await desk.sato.reads("view")
    assert "近いものから6〜8件目" in then
    assert then.count("くわしく") == 3
    assert not await desk.sato.has("precedents.more", where="view")
    told = [{line for line in each.split("\n") if "番目の家" in line} for each in (first, then)]
    assert len(told[0]) == 5
    assert not told[0] & told[1]
    await chooses(desk, "precedents.theme", "approach")
    assert "近いものから5件" in await desk.sato.reads("view")  # something else is asked: from the beginning


async def test_fewer_than_five_are_all_there_are(sqlite_desk):
    """The control of the test above."""
    desk = sqlite_desk
    await released(
        desk.bot.desk, *(record(f"r{n}", situation=f"訪問を断られる{n}番目の家。") for n in range(5))
    )
    await desk.sato.open_home()
    await desk.sato.presses("precedents.open", where="home")

    await desk.sato.fills_and_sends(words="訪問")

    assert "これですべてです" in await desk.sato.reads("view")
    assert not await desk.sato.has("precedents.more", where="view")


async def test_all_it_can_be_narrowed_to_is_above_what_was_found(sqlite_desk):
    desk = sqlite_desk
    await all_thirty(desk.bot.desk)
    await desk.sato.open_home()
    await desk.sato.presses("precedents.open", where="home")
    await desk.sato.fills_and_sends(words="引きこもり")
    assert not await desk.sato.has("precedents.household", where="view")

    await desk.sato.presses("precedents.filters", where="view")

    assert (await desk.sato.reads("view")).index("世帯") < (await desk.sato.reads("view")).index("くわしく")
    await chooses(desk, "precedents.household", "parent_child")
    assert await desk.sato.has("precedents.disposition", where="view")  # they stay


async def test_what_a_characteristic_or_a_theme_is_called_finds_it(desk):
    house = [
        record(f"house{n}", situation="片づけが進まない。", characteristics=("hoarding",), theme="harassment")
        for n in range(5)
    ]
    async with desk.db.transaction(await desk.actor(COUNSELOR)) as tx:
        await kept(tx, *(record(f"k{n}", theme="harassment") for n in range(5)))  # enough to say the theme
    await released(desk.bot.desk, *house, *(record(f"r{n}", situation="通院が続かない。") for n in range(5)))

    assert set(await found(desk, "ごみ屋敷")) == {each.id for each in house}
    assert set(await found(desk, "ハラスメント")) == {each.id for each in house}
    assert await found(desk, "不登校") == []  # the control: nobody has that


async def test_a_courtesy_brings_nothing(sqlite_desk):
    desk = sqlite_desk
    courtesy = "お忙しいところすみません。いつも大変お世話になっております。"
    await released(
        desk.bot.desk, *(record(f"r{n}", situation=f"{courtesy}認知症の母のこと。") for n in range(5))
    )

    assert await found(desk, courtesy) == []
    assert len(await found(desk, f"{courtesy}認知症です。")) == 5  # the control


@pytest.mark.parametrize("theme", [None, "approach"])
async def test_where_it_has_no_theme_its_first_characteristic_is_its_title(sqlite_desk, theme):
    desk = sqlite_desk
    house = [
        record(f"house{n}", situation="片づけが進まない。", characteristics=("hoarding",), theme=theme)
        for n in range(5)
    ]
    await released(desk.bot.desk, *house)
    await desk.sato.open_home()
    await desk.sato.presses("precedents.open", where="home")

    await desk.sato.fills_and_sends(words="片づけ")

    seen = await desk.sato.reads("view")
    assert ("*ごみ屋敷・不衛生な住環境*" in seen) == (theme is None)
    assert "支援の事例" not in seen


async def test_an_empty_library_says_how_it_is_filled(sqlite_desk):
    desk = sqlite_desk
    await desk.given_claimed(story="息子さんが引きこもっています。")
    await desk.sato.presses("details.open", where=CARDS)
    await desk.sato.presses("precedents.alike", where="view")

    assert "まだ、ここに並ぶ事例がありません" in await desk.sato.reads("view")


async def test_where_nothing_is_like_it_the_window_says_what_to_do(sqlite_desk):
    desk = sqlite_desk
    await all_thirty(desk.bot.desk)
    await desk.sato.open_home()
    await desk.sato.presses("precedents.open", where="home")
    await desk.sato.fills_and_sends(words="宇宙飛行士")

    assert "ことばを減らすか、別の言い方にすると" in await desk.sato.reads("view")


async def test_a_coordinator_is_not_offered_the_library(sqlite_desk):
    desk = sqlite_desk
    await desk.given_claimed()
    await desk.yamamoto.presses("details.open", where=CARDS)
    assert not await desk.yamamoto.has("precedents.alike", where="view")
    await desk.yamamoto.open_home()
    assert not await desk.yamamoto.has("precedents.open", where="home")
    await desk.sato.presses("details.open", where=CARDS)
    assert await desk.sato.has("precedents.alike", where="view")  # the control


async def test_what_was_typed_is_kept_and_noted_nowhere(sqlite_desk, caplog):
    desk = sqlite_desk
    await all_thirty(desk.bot.desk)
    await desk.sato.open_home()
    await desk.sato.presses("precedents.open", where="home")
    caplog.set_level(logging.DEBUG)
    for name in TALKATIVE:
        caplog.set_level(logging.WARNING, logger=name)
    await desk.sato.fills_and_sends(words="琵琶湖花子のこと 烏骨鶏 123456789012")

    said = str(await desk.kept()) + str(await desk.rows("SELECT * FROM audit")) + caplog.text
    for word in ("琵琶湖", "花子", "烏骨鶏", "123456789012"):
        assert word not in said
