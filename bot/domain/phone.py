"""Numbers in Japan that the desk can call back, read from however people write them."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Self

from bot.domain.refusals import Refused

LONGEST = 60
DASHES = "‐‑‒–—―⁃−－ー〜~-"  # the plain one stands last, where a class takes it literally
LABEL = r"(?:tel|phone|でんわ|電話(?:番号)?|携帯(?:電話)?(?:番号)?|職場|会社|自宅|代表|直通|固定|スマホ|☎|☏|📞|📱|\ufe0f|[:：;])"
EXTENSION = r"(?:\(?(?:内線(?:番号)?|内|ext\.?|extension|#|x)[:.]?(?P<extension>\d{1,6})\)?)"
WRITTEN = re.compile(
    rf"^{LABEL}*(?P<number>[+(]{{0,2}}[0-9][0-9().の/{DASHES}]*[0-9])[,、;]?{EXTENSION}?(?:\({LABEL}+\))?$",
    re.IGNORECASE,
)
BETWEEN_DIGITS = re.compile(r"(?<=\d)\s+(?=\d)")
ABROAD = re.compile(rf"^(?:\+|00|010[{DASHES}]?)?81[{DASHES}]?\(?0?\)?[{DASHES}]?(?=[1-9])")
MOBILE = re.compile(r"^0[5-9]0[1-9]\d{7}$")
FREE_11 = re.compile(r"^0800\d{7}$")
LANDLINE = re.compile(r"^0[1-9][1-9]\d{7}$")
# How the digits of a number that starts so are said in groups.
GROUPS = (
    ("0120", (4, 3, 3)),
    ("0570", (4, 3, 3)),
    ("0740", (4, 2, 4)),
    ("0748", (4, 2, 4)),
    ("0749", (4, 2, 4)),
    ("072", (3, 3, 4)),
    ("075", (3, 3, 4)),
    ("077", (3, 3, 4)),
    ("078", (3, 3, 4)),
    ("03", (2, 4, 4)),
    ("06", (2, 4, 4)),
)
POSSIBLE = frozenset({(2, 4, 4), (3, 3, 4), (4, 2, 4), (5, 1, 4), (4, 3, 3)})


class NotAPhone(Refused):
    """What was written is no number in Japan that can be called."""

    template = "refusals/not_a_phone"
    field = "phone"


@dataclass(frozen=True, slots=True)
class Phone:
    """A number: `digits` from the leading 0 on, `extension` where there is one, `shown` as it is usually written.

    Two spellings of one number are equal.
    """

    digits: str
    extension: str
    shown: str

    def __repr__(self) -> str:
        return "Phone(…)"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a number in any width, spacing or country prefix. Raises `NotAPhone`."""
        if len(text) > LONGEST:
            raise NotAPhone
        plain = BETWEEN_DIGITS.sub("-", unicodedata.normalize("NFKC", text).strip())
        plain = "".join(plain.split())
        found = WRITTEN.match(plain)
        if not found:
            raise NotAPhone
        written = ABROAD.sub("0", found["number"])
        digits = re.sub(r"\D", "", written)
        if "+" in written or not _callable(digits):
            raise NotAPhone
        return cls(digits, found["extension"] or "", _shown(digits, written))

    @property
    def kept(self) -> str:
        """The number as it is kept: ` #12` after it where there is an extension."""
        return f"{self.shown} #{self.extension}" if self.extension else self.shown

    def __str__(self) -> str:
        """The number for reading, without the extension: its word is a template's."""
        return self.shown


def _callable(digits: str) -> bool:
    return any(pattern.match(digits) for pattern in (MOBILE, FREE_11, LANDLINE))


def _shown(digits: str, written: str) -> str:
    sizes = _usual(digits) or _as_written(written) or (len(digits),)
    groups, start = [], 0
    for size in sizes:
        groups.append(digits[start : start + size])
        start += size
    return "-".join(groups)


def _usual(digits: str) -> tuple[int, ...] | None:
    if len(digits) == 11:
        return (4, 3, 4) if FREE_11.match(digits) else (3, 4, 4)
    return next((sizes for start, sizes in GROUPS if digits.startswith(start)), None)


def _as_written(written: str) -> tuple[int, ...] | None:
    sizes = tuple(len(group) for group in re.findall(r"\d+", written))
    return sizes if sizes in POSSIBLE else None
