"""What an anonymized text tells of whom it is about: age band, sex, household. Only where it says one thing.

Pure. It fills in a choice beforehand; a person looks at it. Gives codes of `age_bands`, `sexes` and `households`.
And the other way round: the text without what tells such a fact, for where too few share it.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache

from bot import codes

SUBJECT = "(?:ご?本人|対象者|利用者|対象の方|その方)(?:さん|様|の方)?"
DECADE = "(?P<decade>[0-9０-９]{2})(?:歳)?代|(?P<oldest>90歳以上)|(?P<minor>未就学|小学生|中学生|高校生)"
BANDS = {"abuse_child": "minor", "truancy": "minor", "young_carer": "minor", "abuse_elder": "senior"}
HOUSEHOLDS = {"c8050": "parent_child", "single_parent": "single_parent"}
SEXES = {"female": "女性|女の子|女児", "male": "男性|男の子|男児"}
TWO = "(?:との?|と)?(?:の)?(?:二人|ふたり|2人|２人)(?:暮らし|ぐらし|世帯|で暮ら)"
LIVING = {
    "alone": "(?:一人|ひとり|1人|１人|独り)(?:暮らし|ぐらし|で暮ら|住まい)|独居|単身(?:世帯|者|で)",
    "couple": f"(?:夫|妻|夫婦){TWO}|夫婦(?:のみ|だけ)",
    "single_parent": "母子(?:家庭|世帯|の世帯)|父子(?:家庭|世帯|の世帯)|ひとり親|一人親|シングル(?:マザー|ファザー)",
    "parent_child": f"(?:母|父|親|両親|息子|娘|子|長男|次男|長女|次女|親子|母子|父子){TWO}",
    "three_generations": "[三3３]世代",
    "siblings": f"(?:兄|弟|姉|妹|きょうだい|兄弟|姉妹){TWO}",
    "facility": "(?:施設|ホーム|病院[0-9]?）?)に(?:入所|入居|入院)(?:して|中|し)|入所中|入院中",
}

# Characteristics that say a coarse fact as well.
TOLD_BY = {
    "age_band": frozenset({*BANDS, "c8050"}),
    "household": frozenset(HOUSEHOLDS),
}
# What stands for the words of a fact that is left out.
YEARS_OLD = (
    "(?:[0-9０-９]{2}|[二三四五六七八九]十)(?:歳)?代(?:前半|半ば|後半)?|(?:[0-9０-９]{1,3}|[一二三四五六七八九十百]{1,4})歳(?:以上|前後|ごろ|くらい)?"
    "|高齢(?=[のでな])"
)
OF_AN_AGE = "(?:前期|後期)?高齢者|未就学児?|(?:小学|中学|高校)生|乳児|幼児|園児|未成年者?"
KIN = {
    "母子|父子": "親子",
    "姉妹|兄弟": "きょうだい",
    "(?:祖|実|義|養)?(?:母|父)親?": "親",
    "(?:長|次|三|四)(?:男|女)|息子|娘": "子",
    "妻|夫": "配偶者",
}


def without(text: str, facts: Collection[str]) -> str:
    """Give the text with a general word for whatever tells one of these facts (names of `uniqueness.Key`)."""
    for fact in (
        "household",
        "age_band",
        "sex",
        "region",
    ):  # the household first: it is told by the words of others
        for pattern, instead in _patterns(fact) if fact in facts else ():
            text = pattern.sub(instead, text)
    return text


@cache
def _patterns(fact: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    if fact == "region":
        towns = [each.label for each in codes.options("municipalities")]
        areas = [each.label.removesuffix("圏域") for each in codes.options("welfare_regions")]
        names = sorted({*towns, *areas, *(each[:-1] for each in towns)}, key=len, reverse=True)
        return ((re.compile(f"(?:(?:{'|'.join(names)})(?:圏域|地域|地方)?)+"), "ある地域"),)
    living = "|".join((*LIVING.values(), "(?:8050|８０５０)(?:問題|世帯)?"))
    told = {
        "household": {living: "ある世帯", _alone("|".join(KIN)): "家族"},
        "age_band": {OF_AN_AGE: "ある年代の人", YEARS_OLD: "ある年代"},
        "sex": {_alone(said): instead for said, instead in KIN.items()}
        | {"女性|男性": "人", "女の子|男の子|女児|男児": "子"},
    }
    return tuple((re.compile(said), instead) for said, instead in told.get(fact, {}).items())


def _alone(said: str) -> str:
    return f"(?<![一-龥])(?:{said})(?![一-龥])"


def age_band(text: str, characteristics: Collection[str] = ()) -> str | None:
    """Tell the age band: that of the person it is about, where it is said, or the only one there is."""
    about = [
        _band(each)
        for each in re.finditer(rf"{SUBJECT}(?:は|が|も|、|（|\()?[^。、\n]{{0,4}}?(?:{DECADE})", text)
    ]
    return (
        _only(about)
        or _only(_band(each) for each in re.finditer(DECADE, text))
        or _coded(BANDS, characteristics)
    )


def sex(text: str) -> str | None:
    """Tell the sex, where only one is spoken of."""
    about = [
        code for code, words in SEXES.items() if re.search(rf"{SUBJECT}[^。\n]{{0,8}}?(?:{words})", text)
    ]
    return _only(about) or _only(code for code, words in SEXES.items() if re.search(words, text))


def household(text: str, characteristics: Collection[str] = ()) -> str | None:
    """Tell who lives together, where it is said once."""
    said = [code for code, words in LIVING.items() if re.search(words, text)]
    return _only(said) or (None if said else _coded(HOUSEHOLDS, characteristics))


def _band(match: re.Match[str]) -> str:
    if match["minor"]:
        return "minor"
    decade = int(match["decade"] or 90)
    if decade == 60:  # on both sides of 65
        return ""
    return "minor" if decade < 20 else "adult" if decade < 60 else "senior"


def _coded(known: Mapping[str, str], characteristics: Collection[str]) -> str | None:
    return _only(known[each] for each in characteristics if each in known)


def _only(found: Iterable[str]) -> str | None:
    told = set(found)
    return told.pop() or None if len(told) == 1 else None
