"""The facts behind every surface: ordinary ones, and the longest and nastiest that the rules let in."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot import codes
from bot.domain.business_time import TOKYO
from bot.domain.casework import Activity, Attempt, Contact, FollowUp, Hearing, Record, Written
from bot.domain.consultation import ENDED, OPEN, Consultation, Status
from bot.domain.events import Event
from bot.domain.staff import Role
from bot.domain.text import clean
from bot.organisation import Organisation, load
from bot.privacy.anonymizer import Anonymized, Label, Span
from bot.store.audit import Entry
from bot.store.letters import Letter
from bot.store.staff import Grant
from bot.usecases.desk import Identified
from bot.usecases.reading import Details
from handlers.forms import Answers
from handlers.wording import Masked, masked_in

NOW = datetime(2026, 11, 24, 10, 20, tzinfo=TOKYO)
NIGHT = NOW.replace(hour=22)
MORNING = NOW.replace(day=25, minute=0)  # what is promised at night
ID = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
LONGEST = 3000
MANY = 120
SUPPORTER, COUNSELOR, COLLEAGUE = "U_TAKAGI", "U_SATO", "U_SUZUKI"

# What somebody may type who wants to break a message, in as many alphabets as it takes.
NASTY = (
    "<!channel> <!here> <@U012ABCDE> <https://evil.example|よりそい> & < > &amp; *太* _斜_ ~消~ `符` ```\n> 引用\n"
    "# 見出し\n~ 小さく\n---\n{{ 7*7 }} {% raw %} \\ \" ' | 👨‍👩‍👧‍👦🇯🇵🏳️‍🌈 עברית العربية ﷽ ｶﾅ ㍻ が 𠮷野家 "
)
STORY = (
    "80代のお母さまと50代の息子さんの世帯です。訪問しても玄関で断られることが続いています。\n"
    "どう関わればよいか、いっしょに考えていただけますか。"
)

WRITTEN = (
    STORY,
    "会議中とのこと。夕方にかけ直します。",
    "圏域が近いので、お願いできると助かります。",
    "断ることで、親子の暮らしを守っていると考えられる。関係づくりを先に置く。",
    "サービスの話をいったん置き、体調や日々の話を聞くことから続ける。",
    "2週間後に電話でようすをうかがう",
    "これまでの経過を、時間の流れにそって整理した。",
    "ていねいな関わりが、少しずつ届いていると感じました。",
)


def typed(length: int, nasty: str = NASTY) -> str:
    """Words of this length as they may be kept: cleaned, and not one character more."""
    return clean((nasty * (length // len(nasty) + 2))[:length].strip().ljust(length, "&"), limit=length)


def every(code_list: str) -> tuple[str, ...]:
    """Every code of a list."""
    return tuple(each.code for each in codes.options(code_list))


def longest(code_list: str) -> str:
    """The code with the longest label."""
    return max(codes.options(code_list), key=lambda each: len(each.label)).code


@dataclass(frozen=True, slots=True)
class Facts:
    """What the surfaces are drawn from, in one case: `sample` or `worst`."""

    case: str
    organisation: Organisation
    base: Consultation
    contact: Contact
    text: str
    texts: tuple[str, ...]  # what was written, one after the other
    rows: int  # how long a list is
    user: str

    @property
    def worst(self) -> bool:
        """Whether these are the nastiest ones."""
        return self.case == "worst"

    def line(self, length: int) -> str:
        """Words for an answer of at most so many characters."""
        return typed(length).replace("\n", " ") if self.worst else self.text[:length].replace("\n", "")

    def consultation(self, status: Status, **changes: Any) -> Consultation:
        """One consultation in this state."""
        held = status not in {Status.RECEIVED, Status.REOPENED}
        told: dict[str, Any] = {"status": status}
        if held:
            told |= {"counselor": self.user, "claimed_at": NOW + timedelta(minutes=2)}
        if status in OPEN and held and status is not Status.CLAIMED:
            told |= {"next_action_on": date(2026, 12, 31)}
        if status in ENDED:
            told |= {"ended_at": NOW + timedelta(minutes=9)}
        if status is Status.MERGED:
            told |= {"merged_into": ID[::-1], "before": Status.RECEIVED}
        return replace(self.base, **(told | changes))

    def many(self, status: Status, **changes: Any) -> list[Consultation]:
        """A list of them."""
        return [
            self.consultation(status, id=f"{n:032x}", number=f"{self.base.number[:-1]}{n}", **changes)
            for n in range(1, self.rows + 1)
        ]

    def details(self, consultation: Consultation, *, recorded: bool = False) -> Details:
        """Everything there is to see of one."""
        c, rows = consultation, self.rows
        kinds = (
            "story",
            "told",
            "call",
            "handover",
            "formulation",
            "advice",
            "next_action",
            "summary",
            "closing",
        )
        return Details(
            consultation=c,
            contact=self.contact,
            words=tuple(
                Written(f"w{n}", kinds[n % len(kinds)], self.user, NOW, self.texts[n % len(self.texts)])
                for n in range(max(rows, len(kinds)))
                if n % len(kinds) or n == 0
            ),
            attempts=tuple(
                Attempt(f"a{n}", c.id, self.user, NOW, self.code("callback_outcomes"), NOW)
                for n in range(rows)
            ),
            hearings=(Hearing("h", c.id, self.user, NOW, 45, c.concerns, c.characteristics, NOW.date()),),
            activities=tuple(self._activity(c, n) for n in range(rows)),
            followups=tuple(
                FollowUp(f"f{n}", c.id, NOW, NOW, self.code("follow_up_answers"), self.code("heaviness"))
                for n in range(rows)
            ),
            records=(self._record(c),) if recorded else (),
            recorded=recorded,
            trail=tuple(Entry(n, NOW, self.user, event, c.id, {}) for n, event in enumerate(self._events())),
            drafted=("activity", "hearing"),
            now=NOW,
        )

    def code(self, code_list: str) -> str:
        """A code of a list: its first, or the one with the longest label."""
        return longest(code_list) if self.worst else codes.options(code_list)[0].code

    def letter(self) -> Letter:
        """A direct message, as long as one may be."""
        text = typed(12_000, "&<>" if self.worst else STORY) if self.worst else STORY
        return Letter(ID, SUPPORTER, NOW, text)

    def grants(self) -> list[Grant]:
        """Who holds which role."""
        persons = [self.user if n == 0 else f"U{n:010d}" for n in range(self.rows)]
        return [
            Grant(each, role, "clock", NOW) for each in persons for role in Role if role is not Role.SYSTEM
        ]

    def seen(self) -> Anonymized:
        """A text in which names were found, and some that may be."""
        rows = min(self.rows, 300) if self.worst else 2
        names = (
            [self.line(57) + f"{n:03d}" for n in range(rows)] if self.worst else ["琵琶湖花子", "琵琶湖太郎"]
        )
        text = "。".join([*names, *reversed(names)])
        starts = [sum(len(each) + 1 for each in names[:n]) for n in range(rows)]
        spans = tuple(
            Span(start, start + len(name), Label.PERSON, 0.9, f"{chr(65 + n % 26)}{n // 26 or ''}")
            for n, (start, name) in enumerate(zip(starts, names, strict=True))
        )
        hints = tuple(replace(span, token="") for span in spans[:12])
        return Anonymized(text, spans, self.text, refused=False, hints=hints)

    def found(self) -> Masked:
        """What is asked about a form whose words were masked."""
        return masked_in(Answers({}, {}), Identified({"story": self.seen()}))[1]

    def _events(self) -> list[Event]:
        usual = [
            Event.CONSULTATION_RECEIVED,
            Event.CLAIMED,
            Event.DETAILS_READ,
            Event.CALLED,
            Event.HEARD,
            Event.ACTED,
        ]
        return [*Event] * 5 if self.worst else usual

    def _activity(self, c: Consultation, n: int) -> Activity:
        return Activity(
            f"v{n}", c.id, self.user, NOW, NOW.date(), self.code("activity_types"), self.code("place_types"),
            {"supporter": 1, "other": 3}, 1440 if self.worst else 45, 1440 if self.worst else 30, self.code("welfare_regions"),
        )  # fmt: skip

    def _record(self, c: Consultation) -> Record:
        return Record(
            id=ID, made_at=NOW, confirmed_by=self.user, fiscal_year=2026, region=c.region,
            supporter_field=c.supporter_field, organization_type=c.organization_type, occupation=c.occupation,
            route=c.route, urgency=c.urgency, concerns=c.concerns, characteristics=c.characteristics,
            dispositions=("advice_closed",), primary_disposition="advice_closed", closing_reason="resolved",
            situation=self.text, formulation=self.text, advice=self.text, outcome=self.text,
            ruleset="x", codes_version=codes.VERSION,
        )  # fmt: skip


def sample() -> Facts:
    """An ordinary consultation at an ordinary desk."""
    base = Consultation(
        id=ID, number="R8-0042", fiscal_year=2026, status=Status.RECEIVED, route="phone", contacted_at=NOW,
        received_at=NOW, promised_at=NOW.replace(hour=17, minute=0), urgency="u3", concerns=("approach",),
        wishes=("phone_advice",), privacy=("mobile_only",), best_times=("am", "late_pm"),
        characteristics=("c8050", "hikikomori"), supporter_field="elderly", organization_type="chiiki_hokatsu",
        occupation="care_manager", municipality="252069", region="konan", supporter=SUPPORTER,
        entered_by="U_TANAKA", codes_version=codes.VERSION,
    )  # fmt: skip
    contact = Contact("みほん", "地域包括支援センター", "077-000-0042", "")
    return Facts("sample", load(), base, contact, STORY, WRITTEN, 2, COUNSELOR)


def worst() -> Facts:
    """Every flag, every code, the longest words, at a desk with the longest names."""
    person = "U" + "W" * 20
    base = Consultation(
        id=ID, number="R108-100042", fiscal_year=2126, status=Status.RECEIVED, route=longest("routes"),
        contacted_at=NIGHT, received_at=NIGHT, promised_at=NIGHT + timedelta(days=30, minutes=59), urgency="u1",
        danger=True, concerns=every("supporter_concerns"), wishes=every("requested_support"),
        privacy=every("callback_privacy"), best_times=every("best_times"),
        characteristics=every("case_characteristics"), supporter_field=longest("supporter_fields"),
        organization_type=longest("organization_types"), occupation=longest("occupations"),
        municipality="252042", region=longest("welfare_regions"), supporter=person, entered_by=person,
        codes_version=codes.VERSION,
    )  # fmt: skip
    contact = Contact(
        typed(60).replace("\n", " "),
        typed(80).replace("\n", " "),
        "0800-999-9999",
        typed(60).replace("\n", " "),
    )
    there = load()
    many = tuple(
        each.model_copy(update={"label": typed(200, "&<窓>").replace("\n", " "), "number": "0120-999-9999"})
        for each in (there.emergency * 4)[:30]
    )
    wide = there.model_copy(update={"desk_name": "窓" * 200, "name": "会" * 200, "emergency": many})
    texts = (typed(LONGEST, "行\n\n"), typed(LONGEST, "&"), typed(LONGEST))
    return Facts("worst", wide, base, contact, texts[-1], texts, MANY, person)
