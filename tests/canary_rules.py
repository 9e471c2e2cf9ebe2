"""Where what was typed may be seen all the same, before whom, and what says so. All else is a leak."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.canary_scan import Hit
from tests.canary_words import GIVEN, NICKNAMES, PEOPLE

TYPIST = frozenset({"whoever typed it"})
ANYBODY: frozenset[str] = frozenset()
JOINED = frozenset({"U_TAKAGI", "U_KITAMURA", "U_SATO", "U_SUZUKI", "U_MORI", "U_TANAKA"})
ORGANIZER = frozenset({"U_KONDO"})
KEPT = frozenset({""})
FORMS = tuple(PEOPLE) + tuple(f"{form}.more_names" for form in NICKNAMES)


@dataclass(frozen=True, slots=True)
class Rule:
    """`places` may be seen `where` before `whom` (nobody named: before anybody), because of `why`."""

    places: tuple[str, ...]
    where: tuple[str, ...]
    whom: frozenset[str]
    why: str

    def lets(self, hit: Hit, by: Mapping[str, set[str]]) -> bool:
        """Whether it speaks of this. `by`: who typed what."""
        if hit.place not in self.places or hit.where not in self.where:
            return False
        return (
            not self.whom
            or hit.whom in self.whom
            or (self.whom == TYPIST and hit.whom in by.get(hit.place, ()))
        )


def _all(*beginnings: str) -> tuple[str, ...]:
    return tuple(place for place in GIVEN if place.startswith(beginnings))


def _people(*users: str) -> frozenset[str]:
    return frozenset(f"U_{user}" for user in users)


OWN = "what somebody just typed is theirs to read before they send it"
CONTACT = "how to reach whoever asked: opened by who holds the case, coordinators, and who typed it (docs/相談する方へ.md)"
SEAT = (
    "what was said when joining: opened by organizers and operators, and on the roster (docs/相談する方へ.md)"
)
PUBLIC = "an announcement: written to be read by everybody, and no place for a case (docs/研修担当の方へ.md)"
LINK = "for those who joined, and in no channel (docs/研修担当の方へ.md)"
SHOWN = ("training.name", "training.place")
STAFF = _people("YAMAMOTO", "MORI")
DIRECTORY = "the directory names offices, for everybody of staff; people are refused there (docs/コーディネーターの方へ.md)"
OFFICE = "an office it may go to: named on the sheet that goes there, sealed; people are refused there (docs/相談担当の方へ.md)"
MEETING = "where people meet, for those who come and who convenes it; sealed"
REFUSED = "what is no entry comes back to whoever typed it, and is kept nowhere: " + OWN

RULES = (
    Rule(FORMS, ("boxes",), TYPIST, "the form that comes back asks about what was found in it: " + OWN),
    Rule(
        tuple(each for each in FORMS if each.endswith("more_names")), ("window",), TYPIST,
        "a name the desk does not find stands in the form until it is named as one: " + OWN,
    ),
    Rule(("a command", "a letter", "a letter to tell"), ("window",), TYPIST, "the words are in the form that it opens: " + OWN),
    Rule(("a letter of danger",), ("window",), _people("SATO"), "who may die is not masked from whoever is on duty and opens it"),
    Rule(("precedents.words",), ("window",), TYPIST, "what is looked for stands in the search, and is kept nowhere: " + OWN),
    Rule(("intake.name", "intake.agency"), ("window",), _people("TAKAGI", "SATO", "SUZUKI"), CONTACT),
    Rule(("intake.phone",), ("window",), _people("KITAMURA", "YAMAMOTO", "SATO"), CONTACT),
    Rule(_all("proxy."), ("window",), _people("TANAKA", "MORI"), CONTACT),
    Rule(_all("contact."), ("window",), _people("SATO", "SUZUKI"), CONTACT),
    Rule(("tell.phone",), ("window",), _people("TAKAGI", "SUZUKI"), CONTACT),
    Rule(_all("join."), ("window",), _people("TAKAGI", "KONDO"), SEAT),
    Rule(_all("enter_seat."), ("window",), _people("TANAKA", "KONDO"), SEAT),
    Rule(_all("walk_in."), ("window",), ORGANIZER, SEAT),
    Rule(_all("join.", "enter_seat.", "walk_in."), ("file .pdf", "file .xlsx"), ORGANIZER, SEAT),
    Rule(_all("join.", "enter_seat.", "walk_in.", "certificate."), ("seat",), KEPT, SEAT + "; sealed"),
    Rule(("certificate.name",), ("file .pdf",), _people("TAKAGI"), "the name on one's own certificate"),
    Rule(("answer_question.answerer",), ("window",), _people("KONDO", "TAKAGI"), "who answered, for those who may read the answer"),
    Rule(("a training's command",), ("window", "home"), ORGANIZER, "the name of a draft, for organizers"),
    Rule(("a training's command", *_all("training.", "training_after.")), ("database",), KEPT, PUBLIC),
    Rule(_all("training."), ("window", "home", "message"), ANYBODY, PUBLIC),
    Rule(_all("training_after."), ("window", "message"), ANYBODY, PUBLIC),
    Rule(SHOWN, ("file .pdf", "file .ics", "file .xlsx"), JOINED | ORGANIZER, PUBLIC),
    Rule(("training.address",), ("file .ics",), _people("TAKAGI"), LINK),
    Rule(_all("agency.", "town.", "local_name."), ("window", "message"), STAFF, DIRECTORY),
    Rule(_all("agency.", "town.", "local_name."), ("database",), KEPT, DIRECTORY),
    Rule(_all("agreement.office", "linkage_start.office"), ("window", "file .pdf", "file .xlsx"), _people("MORI"), OFFICE),
    Rule(("local_name.name",), ("home", "message", "file .pdf"), ANYBODY, "what a town calls its meetings, wherever the meeting is named"),
    Rule((*_all("agreement.office", "linkage_start.office"), "local_name.name"), ("package",), KEPT, OFFICE),
    Rule(("review.place",), ("window", "message", "file .ics"), _people("MORI", "HAYASHI", "OKADA", "YAMAMOTO"), MEETING),
    Rule(("review.place",), ("review",), KEPT, MEETING),
    Rule(
        ("a directory's command", "directory.words", "review_new.number", "package_answer.number", "package_answer.code",
         *_all("expert_own."), *(place for place in PEOPLE if place.startswith("a person "))),
        ("window",), TYPIST, REFUSED,
    ),
    Rule(("training.address", "minutes.minutes"), ("window",), _people("TAKAGI", "KONDO"), LINK),
)  # fmt: skip
# Of what is announced, what is for those who joined alone.
PRIVATE = frozenset({"training.address", "training_after.minutes"})


def rules() -> Iterator[Rule]:
    """Every rule; none about announcements speaks of what is for those who joined."""
    for each in RULES:
        places = each.places if each.why != PUBLIC else tuple(set(each.places) - PRIVATE)
        yield Rule(places, each.where, each.whom, each.why)


def leaks(found: set[Hit], by: Mapping[str, set[str]]) -> list[Hit]:
    """What no rule lets be seen."""
    return sorted(hit for hit in found if not any(rule.lets(hit, by) for rule in rules()))


def needless(found: set[Hit], by: Mapping[str, set[str]]) -> list[Rule]:
    """Rules that nothing that was seen needed."""
    return [rule for rule in rules() if not any(rule.lets(hit, by) for hit in found)]
