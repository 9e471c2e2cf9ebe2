"""The file for calendars: read by two libraries, the same event for good, without a name, taken back when it is off."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.business_time import TOKYO
from bot.domain.training import Plan, Session, Stage, Training
from bot.reports.calendar import calendar, nameless, names_of, public_words
from bot.usecases import seats, trainings
from tests.databases import START
from tests.trainings import ORGANIZER, a_plan, given_announced, joined
from tests.trainings import now as kept

NAME = "公益社団法人 滋賀県社会福祉士会"
STARTS = datetime(2026, 12, 8, 13, tzinfo=TOKYO)
NASTY = [
    "=cmd()|' /C calc'!A1",
    "カンマ,セミコロン;円\\コロン:と\n改行\r\nEND:VEVENT\nBEGIN:VEVENT",
    "👩‍👩‍👧‍👦の暮らしを🏠で支える",
    "題" * 3000,
    "\x00\x07\x1b[31m赤い\u2028題",
    '"引用"と<タグ>&実体',
    "半分\ud83dだけ",
]


def training(**changes) -> Training:
    first = Session(STARTS, STARTS + timedelta(hours=3), "s1")
    second = Session(STARTS + timedelta(days=7), STARTS + timedelta(days=7, hours=2), "s2")
    words = {
        "title": "ダブルケアを支える", "purpose": "分野をこえて支える見方を学びます。", "place": "彦根市福祉センター 2階会議室",
        "lecturers": "湖北 みずほ（滋賀の大学）、Anna Schmidt",
    }  # fmt: skip
    plan = Plan(
        sessions=(second, first),
        seats={"onsite": 30, "online": 0},
        words={**words, **changes.pop("words", {})},
        private={"online": "https://meet.example/j/1?pwd=a,b;c&x=1"},
    )
    made = Training("t1", "R8-T003", 2026, Stage.ANNOUNCED, "U_KONDO", START, plan)
    return replace(made, **changes)


def made(given_training: Training, removed=(), **how) -> bytes:
    return calendar(given_training, removed, **{"confirmed": True, "name": NAME, "now": START, **how})


def by_icalendar(content: bytes) -> tuple[str, list[dict[str, object]]]:
    """Method, and of each event what counts, as the first library reads it."""
    read = icalendar.Calendar.from_ical(content)
    events = [
        {
            "uid": str(each["uid"]),
            "sequence": int(each["sequence"]),
            "start": each.decoded("dtstart"),
            "end": each.decoded("dtend"),
            "stamp": each.decoded("dtstamp"),
            "status": str(each["status"]),
            "summary": str(each["summary"]),
            "where": str(each["location"]),
            "about": str(each["description"]),
        }
        for each in read.walk("VEVENT")
    ]
    return str(read["method"]), events


def by_vobject(content: bytes) -> tuple[str, list[dict[str, object]]]:
    """The same, as the second library reads it."""
    read = vobject.readOne(content.decode())
    events = [
        {
            "uid": each.uid.value,
            "sequence": int(each.sequence.value),
            "start": each.dtstart.value,
            "end": each.dtend.value,
            "stamp": each.dtstamp.value,
            "status": each.status.value,
            "summary": each.summary.value,
            "where": each.location.value,
            "about": each.description.value,
        }
        for each in read.vevent_list
    ]
    return read.method.value, events


def events(content: bytes) -> list[dict[str, object]]:
    """The events, after both libraries have read the same."""
    one, other = by_icalendar(content), by_vobject(content)
    assert one == other
    return one[1]


def method(content: bytes) -> str:
    return by_icalendar(content)[0]


# What is in it


def test_each_day_is_an_event_with_its_time_and_place():
    first, second = events(made(training()))

    assert (first["uid"], second["uid"]) == ("s1@yorisoi", "s2@yorisoi")
    assert first["start"] == STARTS
    assert first["end"] == STARTS + timedelta(hours=3)
    assert second["start"] == STARTS + timedelta(days=7)
    assert first["stamp"] == START
    assert first["summary"] == "研修会「ダブルケアを支える」（第1回）"
    assert second["summary"] == "研修会「ダブルケアを支える」（第2回）"
    assert first["where"] == "彦根市福祉センター 2階会議室"
    assert "分野をこえて支える見方を学びます。" in str(first["about"])
    assert "https://meet.example/j/1?pwd=a,b;c&x=1" in str(first["about"])
    assert method(made(training())) == "PUBLISH"


def test_it_is_written_in_utc_and_needs_no_time_zone():
    content = made(training()).decode()

    assert "DTSTART:20261208T040000Z" in content
    assert "TZID" not in content
    assert "VTIMEZONE" not in content


def test_whoever_comes_online_is_not_sent_to_the_room():
    [first, _] = events(made(training(), format_="online"))

    assert first["where"] == "オンライン"


def test_an_edition_replaces_the_one_before():
    before, after = events(made(training())), events(made(training(edition=2)))

    assert [each["uid"] for each in before] == [each["uid"] for each in after]
    assert {each["sequence"] for each in before} == {0}
    assert {each["sequence"] for each in after} == {2}


def test_a_day_that_is_out_is_taken_out():
    gone = Session(STARTS - timedelta(days=7), STARTS - timedelta(days=7, hours=-2), "s0")

    found = {str(each["uid"]): each for each in events(made(training(edition=1), [gone]))}

    assert found["s0@yorisoi"]["status"] == "CANCELLED"
    assert found["s0@yorisoi"]["sequence"] == 1
    assert found["s1@yorisoi"]["status"] == "CONFIRMED"
    assert "meet.example" not in str(found["s0@yorisoi"]["about"])


@pytest.mark.parametrize("how", [{"confirmed": False}, {"stage": Stage.CANCELLED}])
def test_who_has_no_seat_any_more_takes_it_out_and_has_no_address(how):
    stage = how.pop("stage", Stage.ANNOUNCED)
    content = made(training(stage=stage, edition=3), **how)

    assert method(content) == "CANCEL"
    assert {each["status"] for each in events(content)} == {"CANCELLED"}
    assert {each["sequence"] for each in events(content)} == {3}
    assert b"meet.example" not in content


def test_the_same_facts_are_the_same_bytes():
    assert made(training()) == made(training())


# Whom it names


def test_it_names_no_lecturer_and_keeps_the_place():
    told = {
        "title": "湖北みずほ先生と考えるダブルケア",
        "purpose": "湖北 みずほさんとAnna Schmidtさん、高木さんのお話をうかがいます。電話は 090-1234-5678 へ。",
        "place": "長浜まちづくりセンター（湖北 みずほ先生の控室は2階）",
    }
    content = made(training(words=told))

    [first, _] = events(content)
    whole = str(first["summary"]) + str(first["about"]) + str(first["where"])
    for name in ("みずほ", "Anna", "Schmidt", "高木", "090-1234"):
        assert name not in whole
    assert "長浜まちづくりセンター" in str(first["where"])
    assert "考えるダブルケア" in str(first["summary"])


@pytest.mark.parametrize(
    ("lecturers", "names"),
    [
        ("湖北 みずほ", ["湖北 みずほ"]),
        ("湖北 みずほ（滋賀県立大学 教授）、高木 陽子氏", ["湖北 みずほ", "高木 陽子"]),
        ("滋賀県立大学　准教授　湖北　みずほ", ["湖北 みずほ"]),
        ("社会福祉士 阿部 さん／Anna Schmidt", ["阿部", "Anna Schmidt"]),
        ("県社会福祉協議会", []),
        ("", []),
    ],
)
def test_who_teaches_is_known_by_name_and_not_by_title(lecturers, names):
    assert names_of(lecturers) == names


def test_control_without_the_lecturers_an_unusual_name_would_stay():
    assert "大将" in nameless("大将を迎えて")
    assert "大将" not in nameless("大将を迎えて", ["大将"])


async def test_read_beside_the_desk_the_words_are_the_same():
    lecture = training(
        words={
            "title": "大将と考える",
            "lecturers": "大将",
            "place": "草津市 077-561-0000",
            "purpose": "中川ヨシ江さんの話",
        }
    )

    public = await public_words(lecture)

    assert made(lecture, public=public) == made(lecture)
    assert all(each not in str(public) for each in ("大将", "077", "中川"))
    assert "草津市" in public["place"]


@pytest.mark.parametrize(
    "place",
    [
        "彦根市福祉センター 2階会議室",
        "草津市立まちづくりセンター 301",
        "栗東芸術文化会館さきら",
        "草津市笠山7-8-138",
        "〒525-0072 草津市",
    ],
)
def test_a_place_is_a_place(place):
    assert nameless(place) == place


# Whatever people type


@pytest.mark.parametrize("title", NASTY)
def test_nasty_words_stay_words(title):
    content = made(training(words={"title": title, "purpose": title, "place": title}, edition=1))

    first, second = events(content)
    assert (first["uid"], second["uid"]) == ("s1@yorisoi", "s2@yorisoi")
    assert str(first["summary"]).startswith("研修会「")  # never the first sign of a cell
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert content.count(b"\r\nBEGIN:VEVENT\r\n") == 2
    assert "\x00" not in content.decode()


def test_the_whole_of_a_long_title_is_there():
    title = "=cmd(), 「A」; " + "長い題😀" * 600

    [first, _] = events(made(training(words={"title": title})))

    assert str(first["summary"]).count("長い題😀") == 600


@given(
    st.text(max_size=200),
    st.text(max_size=200),
    st.integers(0, 50),
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31)).map(
        lambda at: at.replace(microsecond=0, tzinfo=TOKYO)
    ),
)
def test_any_words_and_any_day_are_read_alike(title, purpose, edition, starts):
    given_training = training(words={"title": title, "purpose": purpose}, edition=edition)
    only = (Session(starts, starts + timedelta(hours=2), "s9"),)
    [event] = events(made(given_training.planned(replace(given_training.plan, sessions=only))))

    assert (event["uid"], event["sequence"]) == ("s9@yorisoi", edition)
    assert event["start"] == starts.astimezone(UTC)


# As people receive it


def _files(desk) -> list[bytes]:
    return [each.body for each in desk.workspace.world.files.values() if each.name.endswith(".ics")]


async def _takes(desk, training_id: str, person: str = "U_TAKAGI"):
    actor = await desk.actor(person)
    async with desk.db.reading() as ask:
        part = await ask.participations.by_attendee(training_id, person)
    await seats.to_calendar(desk.bot.desk, actor, part.id)
    await desk.settle()
    return part


async def test_it_comes_is_replaced_and_is_taken_back(desk):
    announced = await given_announced(desk, private={"online": "https://meet.example/x"})
    await joined(desk, announced, "U_TAKAGI", "U_SATO")
    part = await _takes(desk, announced.id)

    [first] = _files(desk)
    [file] = [each for each in desk.workspace.world.files.values() if each.name.endswith(".ics")]
    assert file.name == f"{announced.number}.ics"
    [event] = events(first)
    assert event["start"] == announced.plan.starts_at
    assert b"meet.example/x" in first

    later = a_plan(desk.clock.now, days=21, private=announced.plan.private).sessions
    plan = replace((await kept(desk, announced)).plan, sessions=later)
    await trainings.change(desk.bot.desk, await desk.actor(ORGANIZER), announced.id, plan)
    await desk.settle()

    _, second = _files(desk)  # one more, to who took the first; nobody else
    [moved] = events(second)
    assert moved["uid"] == event["uid"]
    assert moved["sequence"] == 1
    assert moved["start"] == later[0].starts_at
    assert "書きかわります" in await desk.takagi.reads()

    await seats.leave(desk.bot.desk, await desk.actor("U_TAKAGI"), part.id)
    await desk.settle()

    *_, last = _files(desk)
    assert len(_files(desk)) == 3
    assert method(last) == "CANCEL"
    assert events(last)[0]["uid"] == event["uid"]
    assert b"meet.example" not in last


async def test_a_training_that_is_off_leaves_the_calendars(desk):
    announced = await given_announced(desk)
    await joined(desk, announced, "U_TAKAGI", "U_SATO")
    await _takes(desk, announced.id)

    await trainings.cancel(desk.bot.desk, await desk.actor(ORGANIZER), announced.id, "lecturer")
    await desk.settle()

    _, last = _files(desk)
    assert method(last) == "CANCEL"
    assert events(last)[0]["sequence"] == 1
    assert "予定表から消えます" in await desk.takagi.reads()
    assert "予定表から消えます" not in await desk.sato.reads()


async def test_a_day_taken_out_is_taken_out_of_the_calendar(sqlite_desk):
    desk = sqlite_desk
    two = (*a_plan(desk.clock.now).sessions, *a_plan(desk.clock.now, days=21).sessions)
    announced = await given_announced(desk, sessions=two)
    await joined(desk, announced, "U_TAKAGI")
    await _takes(desk, announced.id)
    plan = (await kept(desk, announced)).plan

    await trainings.change(
        desk.bot.desk, await desk.actor(ORGANIZER), announced.id, replace(plan, sessions=plan.sessions[:1])
    )
    await desk.settle()

    first, second = (events(each) for each in _files(desk))
    assert {each["status"] for each in first} == {"CONFIRMED"}
    assert sorted(str(each["status"]) for each in second) == ["CANCELLED", "CONFIRMED"]
    assert {each["uid"] for each in first} == {each["uid"] for each in second}
