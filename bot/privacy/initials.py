"""How a name begins: letters that were typed in place of a name, and stand for nobody the desk gave a letter to.

Pure. Letters stand for people and places in order (A, B, …); any other one is the beginning of a name.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator

HONOURED = "さん|様|さま|氏|くん|君|ちゃん|先生|夫人|夫妻|ママ|パパ|おば|おじ"
PLACES = (
    "市|町(?!内)|村|区|郡|県|小学|中学|高校|大学|学園|病院|医院|クリニック|施設|事業所|園|社(?!会)|寺|苑|荘"
)
GIVEN = "子|美|江|代|郎|夫|男|雄|一|太|介|奈|香|恵"
SURNAMES = "川|山|田|村|野|原|井|口|島|木|林|藤|谷|本|岡|崎|沢|橋|上|下|中|内"
PROFESSIONS = frozenset({"CM", "CW", "SW", "PT", "OT", "ST", "NS", "DR", "SV", "HH"})
_ALONE = "(?<![A-Za-z0-9])"
_PATTERNS = tuple(
    re.compile(each)
    for each in (
        # Two with or without a mark between them, one or two before an honorific, one before the rest of a name.
        rf"{_ALONE}(?P<said>[A-Z][.・･][ ]?[A-Z])(?![A-Za-z0-9])",
        rf"{_ALONE}(?P<said>[A-Za-z]{{1,2}})[.]?[ ]?(?=(?:{HONOURED}))",
        rf"{_ALONE}(?P<said>[A-Za-z])(?:[{GIVEN}](?![一-龥])|(?:[{SURNAMES}]|[一-龥]{{1,2}})(?=(?:さん|様|さま|氏|くん|君|ちゃん)))",
        rf"{_ALONE}(?P<said>[A-Z])(?=(?:{PLACES}))",
        # One that somebody does something as; a letter behind katakana is a sort (プランA, ビタミンD).
        r"(?<![A-Za-z0-9ァ-ヶー])(?P<said>[A-WYZ])(?=(?:は|が|を|の|も|に|と|へ|から))",
        r"(?<=[一-龥])(?P<said>[〇○◯●◎△▲□■×*_])(?=(?:さん|様|さま|氏|くん|君|ちゃん))",
    )
)


def initials_in(text: str, given: set[str]) -> Iterator[str]:
    """Give what stands where a name would. `given`: the letters that stand for somebody; the next one joins them."""
    read = unicodedata.normalize("NFKC", text)
    found = {each.start("said"): each["said"] for pattern in _PATTERNS for each in pattern.finditer(read)}
    for _, said in sorted(found.items()):
        if said == _next(given):
            given.add(said)
        if said not in given and said.upper() not in PROFESSIONS:
            yield said


def _next(given: Collection[str]) -> str:
    """The letter that comes next, where they are given in order."""
    return next((each for each in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if each not in given), "")
