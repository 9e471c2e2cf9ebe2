"""The form that comes back with masked words: boxes to put back, names to add, and what may be a name."""

import json

import pytest

from bot.practice.validate import check_view
from bot.privacy import beside
from bot.privacy.anonymizer import Anonymized, Label, Span, anonymize
from bot.usecases import case_names, meetings
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import Identified
from handlers import intake
from handlers.forms import Answers
from handlers.wording import Place, confirmed, kept, masked_in, unmasked
from tests.case_names import boxes, field, opens
from tests.desk import CARDS, FOUR
from tests.trainings import given_announced, joined

NEXT = {"next_action": "電話", "next_on": "2026-12-08"}
NAMES = [
    "佐藤",
    "鈴木",
    "高橋",
    "田中",
    "伊藤",
    "渡辺",
    "山本",
    "中村",
    "小林",
    "加藤",
    "吉田",
    "山田",
    "佐々木",
    "山口",
    "松本",
    "井上",
    "木村",
    "斎藤",
    "清水",
    "阿部",
]


async def sends(somebody, **answers):
    await somebody.command("/相談")
    return await somebody.fills_and_sends(**{**FOUR, **answers})


async def own(somebody):
    """What somebody handed in, as they see it."""
    await somebody.presses("own.open", where="bot")
    return await somebody.reads("view")


async def test_places_and_houses_can_be_put_back_but_never_a_number(sqlite_desk):
    desk = sqlite_desk
    story = "大津市膳所のひだまりデイサービスで、中川さんと090-1234-5678で話した。"
    assert {each.label for each in anonymize(story).spans} >= {
        Label.ADDRESS,
        Label.FACILITY,
        Label.PERSON,
        Label.PHONE,
    }
    await sends(desk.takagi, story=story)

    shown = boxes(await desk.takagi.top_view())
    assert len(shown) == 3
    assert not [said for said in shown if "090" in said]
    await desk.takagi.fills_and_sends(keep=[value for said, value in shown.items() if "中川" not in said])

    assert "大津市膳所のひだまりデイサービスで、Aさんと（電話番号）で話した。" in await own(desk.takagi)


async def test_a_person_has_one_letter_in_every_field_and_two_have_two(sqlite_desk):
    desk = sqlite_desk
    await desk.given_claimed()
    sato = await opens(desk, "hearing.open")

    await sato.fills_and_sends(
        formulation="中川さんは疲れている。", advice="原さんと中川ヨシ江さんに会う。", next_action="原さんへ電話",
        next_on="2026-12-08",
    )  # fmt: skip

    shown = await sato.top_view()
    assert field(shown, "formulation").startswith("Aさん")
    assert field(shown, "advice") == "BさんとAさんに会う。"
    assert field(shown, "next_action") == "Bさんへ電話"
    assert len(boxes(shown)) == 2

    [hara] = [value for said, value in boxes(shown).items() if said.startswith("原")]
    await sato.fills_and_sends(keep=[hara])
    seen = await sato.reads("view")
    assert "原さんとAさんに会う。" in seen
    assert "原さんへ電話" in seen


async def test_a_full_name_is_known_by_the_surname_that_was_known(sqlite_desk):
    desk = sqlite_desk
    await sends(desk.takagi, story="中川さんが困っています。")
    await desk.takagi.fills_and_sends()
    await desk.sato.presses("callback.claim", where=CARDS)
    sato = await opens(desk, "call.open")

    await sato.fills_and_sends(outcome="reached", note="原さんと中川ヨシ江さんに会う。")
    assert field(await sato.top_view(), "note") == "BさんとAさんに会う。"
    await sato.fills_and_sends()

    await opens(desk, "call.open")  # a second one of that surname is somebody else
    await sato.fills_and_sends(outcome="reached", note="中川太郎さんに会う。")
    assert field(await sato.top_view(), "note") == "Cさんに会う。"


async def test_two_houses_of_a_kind_are_told_apart_over_the_fields_of_a_form(sqlite_desk):
    desk = sqlite_desk
    await desk.given_claimed()
    sato = await opens(desk, "hearing.open")

    await sato.fills_and_sends(formulation="琵琶湖病院に入院。", advice="草津病院に移る。", **NEXT)

    shown = await sato.top_view()
    assert field(shown, "formulation") == "（病院）に入院。"
    assert field(shown, "advice") == "（病院2）に移る。"


async def test_a_letter_typed_in_one_field_is_nobodys_in_another(sqlite_desk):
    desk = sqlite_desk
    await desk.given_claimed()
    sato = await opens(desk, "hearing.open")

    await sato.fills_and_sends(formulation="A型作業所に通う。", advice="中川さんに会う。", **NEXT)

    assert field(await sato.top_view(), "advice") == "Bさんに会う。"


async def test_more_than_ten_names_find_room_and_the_most_doubtful_come_first(sqlite_desk):
    desk = sqlite_desk
    await desk.given_claimed()
    sato = await opens(desk, "call.open")
    note = "、".join(f"{name}さん" for name in NAMES)
    seen = anonymize(note)
    least = min(seen.spans, key=lambda span: span.score)

    await sato.fills_and_sends(outcome="reached", note=note)

    shown = await sato.top_view()
    first, rest = boxes(shown), boxes(shown, "keep_rest")
    assert (len(first), len(first) + len(rest)) == (10, len(NAMES))
    assert next(iter(first)).startswith(note[least.start : least.end])
    one = next(value for said, value in rest.items())
    surface = Place.of(one).surfaces[0]
    await sato.fills_and_sends(keep_rest=[one])
    assert await desk.how_many("call_attempts") == 1
    seen = await sato.reads("view")
    assert surface in seen
    assert sum(name in seen for name in NAMES) == 1


async def test_what_was_masked_in_an_earlier_round_is_not_forgotten(sqlite_desk):
    desk = sqlite_desk
    await desk.given_claimed()
    sato = await opens(desk, "call.open")
    await sato.fills_and_sends(outcome="reached", note="中川ヨシ江さんの件。")
    await sato.fills_and_sends(note="Aさんの件。原さんと中川さんに会う。")
    shown = await sato.top_view()
    assert field(shown, "note") == "Aさんの件。BさんとAさんに会う。"
    assert [said[0] for said in boxes(shown)] == ["中", "原"]

    await sato.fills_and_sends(note="Aさんの件。BさんとAさんに会う。林さんにも。")
    shown = await sato.top_view()
    assert field(shown, "note").endswith("Cさんにも。")
    [nakagawa] = [value for said, value in boxes(shown).items() if said.startswith("中川")]
    await sato.fills_and_sends(keep=[nakagawa])

    seen = await sato.reads("view")
    assert "中川ヨシ江さんの件。Bさんと中川さんに会う。Cさんにも。" in seen
    async with desk.db.reading() as ask:
        case = await case_names.case_of(ask, await desk.id_of("R8-0001"))
    assert {each.surface: each.token for each in case.known} == {"原": "B", "林": "C"}
    assert case.kept == {"中川ヨシ江", "中川"}


async def test_what_may_be_a_name_is_asked_gently_and_masked_with_one_tick(sqlite_desk, monkeypatch):
    desk = sqlite_desk
    await desk.given_claimed()
    sato = await opens(desk, "call.open")
    real = beside.read

    async def hinting(text, *case, **more):
        """The same reading, with a word it would be unsure about."""
        seen = await real(text, *case, **more)
        at = text.find("大将")
        if at < 0 or any(span.start <= at < span.end for span in seen.spans):
            return seen
        return Anonymized(
            seen.text, seen.spans, seen.masked, seen.refused, (Span(at, at + 2, Label.PERSON, 0.02, ""),)
        )

    monkeypatch.setattr(beside, "read", hinting)
    await sato.fills_and_sends(outcome="reached", note="大将の件。")
    assert await desk.how_many("call_attempts") == 1  # a hint alone stops nobody

    await opens(desk, "call.open")
    await sato.fills_and_sends(outcome="reached", note="中川さんと大将の件。")
    shown = await sato.top_view()
    [(said, value)] = boxes(shown, "may_be_names").items()
    assert said == "大将"
    assert "名前かもしれません" in await sato.reads("view")
    await sato.fills_and_sends(may_be_names=[value])

    assert "AさんとBの件。" in await sato.reads("view")


async def test_nothing_that_was_typed_is_lost_however_long(sqlite_desk):
    desk = sqlite_desk
    story = "中川さんは9歳。" + "疲れました。" * 490 + "おわりまで"
    await sends(desk.takagi, story=story[:2995] + "おわり")

    shown = field(await desk.takagi.top_view(), "story")
    assert shown.endswith("おわり")
    assert len(shown) <= 3000


async def test_names_added_that_stand_nowhere_do_not_bring_the_form_back_again(sqlite_desk):
    desk = sqlite_desk
    await sends(desk.takagi, story="中川さんのことです。")

    await desk.takagi.fills_and_sends(more_names="大将　船長")

    assert await desk.how_many("consultations") == 1
    assert await desk.how_many("case_names") == 3


@pytest.mark.parametrize("typed", ["大将", "大将さん", "  大将 、 ", "大将,大将", "たいしょう／大将"])
async def test_added_names_are_read_however_they_are_written(sqlite_desk, typed):
    desk = sqlite_desk
    await sends(desk.takagi, story="中川さんと大将のことです。")

    await desk.takagi.fills_and_sends(more_names=typed)

    assert "AさんとBのことです。" in await own(desk.takagi) or "AさんとCのことです。" in await own(
        desk.takagi
    )


async def test_a_form_about_no_case_adds_and_puts_back_too_and_keeps_no_dictionary(sqlite_desk):
    desk = sqlite_desk
    training = await given_announced(desk)
    await joined(desk, training, "U_TAKAGI")
    actor = await desk.actor("U_TAKAGI")
    with pytest.raises(Identified) as refused:
        await meetings.ask(desk.bot.desk, actor, training.id, "中川さんと大将のこと。", once="one")
    said = Confirmed(names=refused.value.names, added=("大将",))

    await meetings.ask(desk.bot.desk, actor, training.id, "Aさんと大将のこと。", said, once="one")

    board = await meetings.questions(desk.bot.desk, await desk.actor("U_KONDO"), training.id)
    assert [each.text for each in board.questions] == ["AさんとBのこと。"]
    assert await desk.how_many("case_names") == 0


async def test_found_names_travel_in_the_boxes_and_nowhere_else(sqlite_desk):
    desk = sqlite_desk
    await sends(desk.takagi, story="中川ヨシ江さんのことです。")

    view = await desk.takagi.top_view()

    assert "中川" not in view["private_metadata"]
    assert "中川" in json.dumps(boxes(view), ensure_ascii=False)
    rows = await desk.rows("SELECT * FROM outbox")
    assert "中川" not in str(rows)


def test_a_box_reads_what_it_wrote_and_nothing_else():
    place = Place("A", Label.PERSON, ("中川ヨシ江", "中川"), {"story": "01-1"})

    assert Place.of(place.value) == place
    for forged in ("", "story.A=中川", "[]", "[1,2]", '["A","NOBODY",[],{}]', "null", '{"a":1}'):
        assert Place.of(forged) is None


@pytest.mark.parametrize("length", [10, 100, 140, 200])
def test_a_box_never_grows_beyond_what_slack_takes(length):
    place = Place(
        "A", Label.ADDRESS, tuple("あ" * length + str(n) for n in range(5)), {"next_action": "01234" * 9}
    )

    value = place.value

    assert value is None or len(value) <= 150
    assert (value is None) == (length > 130)
    if value:
        assert Place.of(value).surfaces[0] == place.surfaces[0]


def _view(answers: Answers, found) -> dict:
    from bot.organisation import load

    return intake.draw(load(), answers.values, round=1, found=found, keep={}).view()


@pytest.mark.parametrize(
    "story",
    [
        "中川ヨシ江さんと中川さんと原さん。中川さん。",
        "A型作業所の中川さん。Aは合わない。中川さん。",
        "（病院）と琵琶湖病院と草津病院。琵琶湖病院。",
        "大津市膳所の中川さん、膳所の原さん。",
    ],
)
def test_all_that_was_masked_comes_back_as_it_was(story):
    """Ticking every box gives the text back to the letter; ticking none gives the masked one."""
    seen = anonymize(story)
    answers, found = masked_in(Answers({"story": story}, {}), Identified({"story": seen}))
    view = _view(answers, found)
    check_view(view, "modal")
    values = [value for value, _ in (*found.boxes, *found.rest)]

    back = unmasked(Answers({"story": seen.masked, "keep": values}, {}), "story")
    none = unmasked(Answers({"story": seen.masked, "keep": []}, {}), "story")

    assert back.values["story"] == story
    assert none.values["story"] == seen.masked
    shown = Answers({"story": seen.masked, "keep": values[:1]}, {}, {"keep": tuple(values)})
    assert kept(shown) == set(Place.of(values[0]).surfaces)
    assert {each.surface for each in confirmed(shown).names}.isdisjoint(kept(shown))
