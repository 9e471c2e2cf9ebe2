"""Story 8, until its day: a hard household. Seven slots, five people, a psychologist and an academic neither of whom is of
the case's town; one declines late, and somebody steps in.
"""

from bot.domain.staff import Role
from bot.usecases import review_polls
from tests.desk import COORDINATORS
from tests.reviews import (
    at,
    attending,
    before,
    calendars,
    chooses,
    given_experts,
    review_of,
    slots_of,
    stated,
    told_by,
)

STORY = (
    "80代のお母さまと50代の息子さんの世帯です。犬が1頭います。家賃と消費者金融の借金があり、"
    "訪問しても玄関で断られます。"
)
TOWN = "252069"
HOLDER, PSY, ACADEMIC, LAWYER, WORKER = "U_SATO", "U_HAYASHI", "U_OKADA", "U_NISHI", "U_FUJII"
OF_THE_TOWN, STEPS_IN = "U_MORI", "U_SUZUKI"
# Of seven slots: the third and the sixth have both a psychologist and an academic, and the presenter.
SAID = {
    HOLDER: "○○○×○○○",
    PSY: "××○○×△×",
    ACADEMIC: "○×○○×○○",
    LAWYER: "×○○○○××",
    WORKER: "○○×○△○○",
}


async def test_seven_slots_five_people_and_one_who_declines_late(desk):
    await given_experts(desk, **{OF_THE_TOWN: Role.EXPERT_PSY, STEPS_IN: Role.EXPERT_PSY})
    await stated(desk, OF_THE_TOWN, municipalities=(TOWN,))
    number = await desk.given_heard(HOLDER, story=STORY, municipality=TOWN)

    # The holder asks, the coordinator convenes: neither the town's psychologist can be asked, nor is anybody named.
    await desk.sato.open_home()
    await desk.sato.presses("details.open", where="home")
    await desk.sato.presses("review.want", where="view")
    yamamoto = desk.yamamoto
    await yamamoto.presses("review.convene", where=COORDINATORS)
    assert "断られます" in str((await yamamoto.top_view())["blocks"])
    await yamamoto.fills_and_sends(
        question="断られても、関わりつづけるには", format="pcagip", minutes="90", how="onsite", place="3階 会議室",
        quorum="psy_academic", apart=["agency", "municipality"],
    )  # fmt: skip
    window = await before(yamamoto)
    assert f"<@{OF_THE_TOWN}>さん　この事例と同じ市町の方です" in window
    for person in (PSY, ACADEMIC, LAWYER, WORKER):
        await chooses(yamamoto, "review.seat", f"{person}/optional")
    await chooses(yamamoto, "review.role", f"{PSY}/adviser")

    await yamamoto.presses("review.slots", where="view")
    view = await yamamoto.top_view()
    boxes = next(each for each in view["blocks"] if each.get("element", {}).get("action_id") == "slots")
    seven = [each["value"] for each in boxes["element"]["options"]][:7]
    await yamamoto.fills_and_sends(slots=seven, deadline_on="2026-11-26", deadline_at="17:00")
    [review] = await _reviews(desk, number)
    slots = await slots_of(desk, review.id)
    assert len(slots) == 7

    # Five people, each in a window of their own; nobody sees the others.
    marks = {"○": "yes", "△": "maybe", "×": "no"}
    for person, said in SAID.items():
        somebody = desk.person(person)
        assert "みなさんからそろいました" not in await yamamoto.reads(COORDINATORS)
        await somebody.presses("review.answer", where="bot")
        given = {review_polls.named(slot): marks[mark] for slot, mark in zip(slots, said, strict=True)}
        await somebody.fills_and_sends(**given, note="")

    # Two of seven would do; the one without a △ comes first, and the others say why not.
    assert "開ける候補は2つです" in await yamamoto.reads(COORDINATORS)
    await yamamoto.presses("review.open", where=COORDINATORS)
    window = await before(yamamoto)
    assert window.count("開けます") == 2
    assert window.count("心理職が、あと1人たりません。") == 2
    assert window.count("学識経験者があと1人、心理職があと1人たりません。") == 2
    assert "欠かせない<@U_SATO>さんが、この時間には出られません。" in window
    await yamamoto.presses("review.fix", where="view")
    fixed = await review_of(desk, review.id)
    third = (await _slots(desk, review.id))[2]
    assert fixed.starts_at == third.starts_at
    assert await attending(desk, review.id) == {HOLDER, PSY, ACADEMIC, LAWYER}
    assert "今回はお休みいただいて大丈夫です" in await desk.fujii.reads()

    # The evening before, the psychologist cannot come; another one, not of the town, steps in.
    await desk.hayashi.presses("review.decline", where="bot")
    said = await yamamoto.reads(COORDINATORS)
    assert "心理職が、あと1人ほしいところです" in said
    assert f"<@{STEPS_IN}>さんは、その時間にお願いできそうです" in said
    assert f"<@{OF_THE_TOWN}>さんは、その時間に" not in said
    await yamamoto.presses("review.step_in", f"{review.id}/{STEPS_IN}", where=COORDINATORS)
    await desk.suzuki.presses("review.accept", where="bot")

    assert await attending(desk, review.id) == {HOLDER, ACADEMIC, LAWYER, STEPS_IN}
    assert [told_by(each)[0] for each in await calendars(desk, PSY)] == ["PUBLISH", "CANCEL"]
    assert [told_by(each)[0] for each in await calendars(desk, STEPS_IN)] == ["PUBLISH"]
    for secret in ("関わりつづけるには", "玄関", "借金"):
        assert secret not in "".join([await desk.person(each).reads() for each in SAID])

    # Nobody is given two times at once, and the day comes.
    desk.clock.now = fixed.ends_at
    await desk.ask_the_clock()
    assert (await review_of(desk, review.id)).stage == "held"
    trail = [each for each in await desk.trail(number) if each.startswith("review.")]
    assert [each for each in trail if each not in {"review.seated", "review.answered"}] == [
        "review.wanted", "review.convened", "review.polled", "review.fixed", "review.left", "review.held",
    ]  # fmt: skip
    assert fixed.starts_at > at(24, month=11)


async def _reviews(desk, number):
    async with desk.db.reading() as ask:
        return await ask.reviews.of_consultation(await desk.id_of(number))


async def _slots(desk, review):
    async with desk.db.reading() as ask:
        return await ask.reviews.slots(review)
