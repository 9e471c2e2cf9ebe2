"""What a つなぎシート says: made once, looked at, and sent as it was looked at. The modal, the PDF and the table draw these parts."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import codes
from bot.domain.agreement import Agreement, Receiver
from bot.domain.business_time import TOKYO
from bot.domain.certificate import LETTERS
from bot.domain.handover import SECRET, Package
from bot.organisation import Organisation
from bot.reports.words import Words

FIELDS = tuple(each.code for each in codes.options("handover_fields"))
SUPPORTER = "supporter_contact"  # chosen, never typed: its lines are written by hand
TEXTS = tuple(each for each in FIELDS if each != SUPPORTER)
VIA_DESK = "via_desk"
CODE = 8


@dataclass(frozen=True, slots=True)
class Part:
    """One thing the sheet says. `kind`: above, title, row, text, hand (a line only a hand writes on), note or foot."""

    kind: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Content:
    """A sheet, complete. `written` is what is sealed, and what the digest is over."""

    number: str
    made_at: datetime
    parts: tuple[Part, ...]

    @property
    def written(self) -> str:
        """The sheet as text that reads the same every time."""
        parts = [[each.kind, each.label, each.text] for each in self.parts]
        told = {"made_at": self.made_at.isoformat(), "number": self.number, "parts": parts}
        return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def digest(self) -> str:
        """What the sheet is known by."""
        return digest_of(self.written)

    @classmethod
    def read(cls, written: str) -> "Content":
        """Read it as it was written."""
        told = json.loads(written)
        parts = tuple(Part(*each) for each in told["parts"])
        return cls(told["number"], datetime.fromisoformat(told["made_at"]), parts)


def digest_of(written: str) -> str:
    """SHA-256 over the sheet as it was written."""
    return hashlib.sha256(written.encode()).hexdigest()


def together(packages: list[Package]) -> str:
    """One digest over all that was looked at together."""
    return digest_of("\n".join(f"{each.id}:{each.digest}" for each in packages))[:32]


def hashes(package_id: str, token: str) -> str:
    """What is kept of a token: of the whole, and of what is read out of it."""
    return f"{digest_of(token)}:{digest_of(f'{package_id}/{spoken(token)}')}"


def fits(package: Package, *, token: str = "", code: str = "") -> bool:
    """Whether this token, or this code, is the one that may be used now."""
    whole, _, short = (package.token_hash or ":").partition(":")
    kept, given = (whole, digest_of(token)) if token else (short, digest_of(f"{package.id}/{code}"))
    return bool(kept) and hmac.compare_digest(kept, given)


def spoken(token: str) -> str:
    """The part of a token that can be read out over the telephone: eight letters and digits."""
    number = int(hashlib.sha256(token.encode()).hexdigest(), 16)
    code = ""
    for _ in range(CODE):
        number, at = divmod(number, len(LETTERS))
        code += LETTERS[at]
    return code


def named(receiver: Receiver, local: Mapping[str, str] | None = None) -> str:
    """A receiver in codes: the town and what it calls its meeting. A 支援会議 always stands with its law."""
    return f"{codes.label('municipalities', receiver.municipality)} {meeting_named(receiver.meeting, local)}"


def meeting_named(meeting: str, local: Mapping[str, str] | None = None) -> str:
    """A meeting by the name it has there, then by its kind; of the two laws that say 支援会議, which one."""
    entry = codes.load("meeting_types").get(meeting)
    kind = f"{entry.label}・{entry.more['basis']}" if meeting in SECRET else entry.label
    own = (local or {}).get(meeting)
    if own:
        return f"{own}（{kind}）"
    return f"支援会議（{entry.more['basis']}）" if meeting in SECRET else entry.label


def made(
    organisation: Organisation,
    package: Package,
    receiver: Receiver,
    agreement: Agreement | None,
    texts: Mapping[str, str],
    token: str,
    local: Mapping[str, str] | None = None,
) -> Content:
    """Write the sheet for one receiver. Texts are masked and confirmed; a field without words is not on it."""
    listed = codes.load("handover_fields")
    way = codes.load("handover_routes").get(package.way)
    facts: dict[str, Any] = {
        "number": package.number, "code": spoken(token), "place": named(receiver, local), "office": receiver.office,
        "purpose": codes.label("handover_purposes", package.purpose), "basis": way.more["basis"],
        "definition": way.definition, "meeting": meeting_named(receiver.meeting),
        "made_on": package.made_at.astimezone(TOKYO).date(), "desk": organisation.desk_name, "keeper": organisation.name,
        "phone": organisation.phone, "agreed": agreement and _agreed(agreement),
        "via_desk": texts.get(SUPPORTER) == VIA_DESK,
    }  # fmt: skip
    words = Words("linkage", facts)
    rows = ["to", "number_and_day", "purpose_said", "basis_said", *(["agreed_said"] if agreement else [])]
    parts = [Part("above", "", words("above")), Part("title", "", words("title"))]
    parts += [Part("row", words(f"{each}_label"), words(each)) for each in rows]
    if package.secrecy:
        parts.append(Part("note", "", words("secret")))
    parts += [Part("hand", words(f"{each}_label"), "") for each in ("name", "address", "telephone")]
    parts += [Part("text", listed.label(each), texts[each]) for each in TEXTS if texts.get(each)]
    if SUPPORTER in package.fields and texts.get(SUPPORTER):
        label = listed.label(SUPPORTER)
        if facts["via_desk"]:
            parts.append(Part("text", label, words("via_desk_said")))
        else:
            parts += [Part("hand", label, ""), Part("hand", words("telephone_label"), "")]
    parts += [Part("note", "", words("answer_said")), Part("foot", "", words("foot"))]
    return Content(package.number, package.made_at, tuple(parts))


def _agreed(agreement: Agreement) -> dict[str, Any]:
    return {
        "who": codes.label("agreement_people", agreement.who),
        "how": codes.label("agreement_ways", agreement.how),
        "relation": agreement.relation and codes.label("agreement_relations", agreement.relation),
        "given_on": agreement.given_on, "until": agreement.until,
    }  # fmt: skip
