"""世帯構成 in symbols, as far as masked words tell it: who there is by relation and age, nobody by name. Pure; a first draft."""

import re

from bot import codes

BETWEEN = "－"
KANJI = "一-龥々"
AGE = "[1-9]0代"
UNKNOWN = "△"


def household_in(masked: str) -> str:
    """Give those a text speaks of as "□80代（父）－○50代（娘）", each once, in the order in which they come."""
    symbols = {each.label: str(each.more["symbol"]) for each in codes.options("household_members")}
    names = "|".join(sorted(symbols, key=len, reverse=True))
    somebody = re.compile(
        rf"(?:(?P<before>{AGE})の)?(?<![{KANJI}])実?(?P<who>{names})(?:親|さん)?(?![{KANJI}])(?:の(?P<alias>[A-Z])さん)?"
        rf"(?:[（(](?P<after>{AGE})[^）)]*[）)])?"
        rf"|(?<![A-Za-z])(?P<letter>[A-Z])さん[（(](?P<age>{AGE})[^）)]*[）)]"
    )
    found: dict[str, str] = {}
    known: set[str] = set()
    for match in somebody.finditer(masked):
        who = match["who"] or f"{match['letter']}さん"
        if match["letter"] in known:
            continue
        known |= {each for each in (match["alias"], match["letter"]) if each}
        age = match["before"] or match["after"] or match["age"] or ""
        if age or who not in found:
            found[who] = age or found.get(who, "")
    return BETWEEN.join(f"{symbols.get(who, UNKNOWN)}{age}（{who}）" for who, age in found.items())
