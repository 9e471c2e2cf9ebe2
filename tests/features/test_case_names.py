"""The case's own dictionary: what was confirmed as a name once is found everywhere in the case, under the same letter."""

import pytest

from bot.privacy import beside
from bot.privacy.anonymizer import Anonymized, Label, Span, anonymize
from bot.usecases import callbacks, closing, hearing
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import Identified
from tests.case_names import (
    NEXT,
    ODD,
    STORY,
    asks_about,
    boxes,
    claimed,
    field,
    letters,
    opens,
    told,
    written,
)
from tests.desk import FOUR


async def test_a_name_confirmed_at_the_door_keeps_its_letter_in_the_hearing(desk):
    await claimed(desk)
    assert (await letters(desk))["中川ヨシ江"] == "A"
    sato = await opens(desk, "hearing.open")

    await sato.fills_and_sends(formulation="原さんと、中川さんのことを話した。", **NEXT)
    offered = await sato.top_view()
    await sato.fills_and_sends()

    assert field(offered, "formulation") == "Bさんと、Aさんのことを話した。"
    assert await written(desk, "formulation") == ["Bさんと、Aさんのことを話した。"]
    assert (await letters(desk))["原"] == "B"


async def test_what_the_desk_alone_would_not_find_is_found_once_it_was_named(desk):
    words = f"{ODD}が来たそうです。"
    assert not anonymize(words).spans  # the control: nobody would know
    await claimed(desk)
    sato = await opens(desk, "call.open")
    await sato.fills_and_sends(outcome="reached", note="原さんが出られた。")
    await sato.fills_and_sends(more_names=ODD)
    assert (await letters(desk))[ODD] == ""  # it stood nowhere yet

    await opens(desk, "hearing.open")
    await sato.fills_and_sends(formulation=words, **NEXT)
    offered = field(await sato.top_view(), "formulation")
    await sato.fills_and_sends()

    assert offered == "Cが来たそうです。"
    assert await written(desk, "formulation") == [offered]
    assert (await letters(desk))[ODD] == "C"


async def test_names_added_are_masked_in_every_field_at_once(desk):
    await claimed(desk)
    sato = await opens(desk, "hearing.open")
    await sato.fills_and_sends(formulation=f"原さんと{ODD}の暮らし。", advice=f"{ODD}に会う。", **NEXT)
    shown = await sato.top_view()
    assert ODD in field(shown, "formulation")  # the control: it was not found by itself

    await sato.fills_and_sends(more_names=f"{ODD}さん、船長")

    assert await written(desk, "formulation") == ["BさんとCの暮らし。"]
    assert await written(desk, "advice") == ["Cに会う。"]
    known = await letters(desk)
    assert (known[ODD], known["船長"]) == ("C", "")


async def test_what_was_put_back_once_is_not_asked_again(desk):
    await claimed(desk)
    sato = await opens(desk, "call.open")
    await sato.fills_and_sends(outcome="reached", note="森さんという猫がいる。")
    offered = await sato.top_view()
    [value] = boxes(offered).values()
    await sato.fills_and_sends(keep=[value])
    assert await written(desk, "call") == ["森さんという猫がいる。"]
    assert (await told(desk)).kept == {"森"}

    await opens(desk, "hearing.open")
    await sato.fills_and_sends(formulation="森さんという猫は元気。", **NEXT)

    assert await written(desk, "formulation") == ["森さんという猫は元気。"]


async def test_a_draft_gives_its_letters_away_for_good(sqlite_desk):
    desk = sqlite_desk
    await claimed(desk)
    sato = await opens(desk, "hearing.open")
    await sato.fill(formulation="原さんは不安そうです。")
    await sato.close()
    await desk.settle()
    assert (await letters(desk))["原"] == "B"

    await opens(desk, "call.open")
    await sato.fills_and_sends(outcome="reached", note="林さんと原さんが出られた。")

    assert field(await sato.top_view(), "note") == "CさんとBさんが出られた。"


async def test_a_twelve_digit_number_is_refused_before_anything_is_read_or_kept(sqlite_desk):
    desk = sqlite_desk
    await claimed(desk)
    before = await desk.how_many("case_names")
    sato = await opens(desk, "call.open")

    answer = await sato.fills_and_sends(outcome="reached", note="原さんの番号は123456789018です。")

    assert list(answer["errors"]) == ["note~0"]
    assert await desk.how_many("case_names") == before
    await sato.fills_and_sends(outcome="reached", note="原さんの番号です。")
    answer = await sato.fills_and_sends(more_names="123456789018")
    assert list(answer["errors"]) == ["more_names~1"]
    assert await desk.how_many("case_names") == before


async def test_every_form_about_a_case_feeds_and_reads_its_dictionary(sqlite_desk):
    """Call, hand-over, hearing, activity, giving back, closing, and what the supporter tells more."""
    desk = sqlite_desk
    number = await claimed(desk)
    it, sato = await desk.id_of(number), await desk.actor("U_SATO")
    day = desk.clock.now.date()
    by, known = desk.bot.desk, {}

    async def knows(act, name):
        """The act is refused with the name, and kept once it was confirmed."""
        with pytest.raises(Identified) as refused:
            await act(f"{name}さんの件。", Confirmed())
        [seen] = [each for each in refused.value.found.values() if name in each.text]
        known[name] = seen.spans[0].token
        await act(seen.masked, Confirmed(names=refused.value.names))
        assert (await letters(desk))[name] == known[name]

    await knows(
        lambda note, said: callbacks.call(by, sato, it, outcome="reached", note=note, said=said, once=note),
        "原",
    )
    await knows(lambda note, said: callbacks.offer(by, sato, it, "U_SUZUKI", note, said), "林")
    await callbacks.decline(by, await desk.actor("U_SUZUKI"), it)
    await knows(
        lambda note, said: hearing.hear(
            by, sato, it, hearing.Heard((), (), note, "", "電話", day, said=said), once=note
        ),
        "高橋",
    )
    await knows(
        lambda note, said: hearing.act(
            by, sato, it, hearing.Done("interview", day, note, "", "電話", day, said=said), once=note
        ),
        "山本",
    )
    await knows(
        lambda note, said: hearing.save_draft(by, sato, it, "hearing", {"advice": note}, said), "佐々木"
    )
    await knows(
        lambda note, said: closing.close(
            by, sato, it, closing.Closing(("advice_closed",), "advice_closed", "resolved", note, said=said)
        ),
        "小林",
    )

    assert sorted(known.values()) == ["B", "C", "D", "E", "F", "G"]
    assert "さんの件" in "".join(await written(desk))


async def test_towns_and_houses_keep_what_stands_for_them_too(desk):
    await claimed(desk, story="大津市膳所の琵琶湖病院に通っています。")
    sato = await opens(desk, "call.open")

    await sato.fills_and_sends(outcome="reached", note="草津市の草津病院から、大津市の琵琶湖病院に戻った。")

    first = await written(desk, "story")
    assert first == ["B市の（病院）に通っています。"]
    assert field(await sato.top_view(), "note") == "C市の（病院2）から、B市の（病院）に戻った。"


async def test_danger_is_heard_in_a_word_that_was_taken_for_a_name(sqlite_desk, monkeypatch):
    """What stands masked may be what somebody called for help with."""
    desk = sqlite_desk
    real = beside.read

    async def mistaken(text, *case, **more):
        """A detector that takes a knife for somebody."""
        seen = await real(text, *case, **more)
        at = text.find("包丁を持って")
        if at < 0:
            return seen
        span = Span(at, at + 6, Label.PERSON, 0.5, "A")
        return Anonymized(text, (span,), text.replace("包丁を持って", "A"), refused=False)

    monkeypatch.setattr(beside, "read", mistaken)

    number = await asks_about(desk, "包丁を持って立っています。")

    assert await written(desk, "story", number) == ["A立っています。"]
    assert (await desk.row(number)).danger


async def test_a_name_of_before_is_masked_again_without_a_box_and_a_new_one_has_one(desk):
    await claimed(desk)
    sato = await opens(desk, "hearing.open")

    await sato.fills_and_sends(formulation="中川ヨシ江さんと、原さんのことを話した。", **NEXT)

    offered = await sato.top_view()
    assert list(boxes(offered)) == ["原 → B"]  # the control: it is new
    assert "前と同じ1つのお名前なども伏せました" in await sato.reads("view")
    assert field(offered, "formulation") == "Aさんと、Bさんのことを話した。"


async def test_where_only_names_of_before_were_masked_nothing_is_asked_about_them(sqlite_desk):
    desk = sqlite_desk
    await claimed(desk)
    sato = await opens(desk, "hearing.open")

    await sato.fills_and_sends(formulation="中川ヨシ江さんのことを話した。", **NEXT)

    seen = await sato.reads("view")
    assert "前と同じお名前などを、同じように伏せました" in seen
    assert "お預かりしてよいですか" not in seen
    assert not boxes(await sato.top_view())
    await sato.fills_and_sends()
    assert await written(desk, "formulation") == ["Aさんのことを話した。"]


@pytest.mark.parametrize("door", ["/相談", "/代理"])
async def test_what_was_masked_is_explained_above_the_words(sqlite_desk, door):
    desk = sqlite_desk
    if door == "/相談":
        somebody = desk.takagi
        await somebody.command(door)
        await somebody.fills_and_sends(**{**FOUR, "story": STORY})
    else:
        somebody = desk.tanaka
        await somebody.open_home()
        await somebody.presses("proxy.open", where="home")
        await somebody.fills_and_sends(
            **{**FOUR, "story": STORY}, route="phone", contacted_on="2026-11-24", contacted_at="10:00"
        )

    blocks = [str(each) for each in (await somebody.top_view())["blocks"]]

    [said] = [n for n, each in enumerate(blocks) if "お預かりしてよいですか" in each]
    [words] = [n for n, each in enumerate(blocks) if "'block_id': 'story~" in each]
    [box] = [n for n, each in enumerate(blocks) if "'block_id': 'keep~" in each]
    assert said < words < box
