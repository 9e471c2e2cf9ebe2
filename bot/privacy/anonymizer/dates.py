"""Dates, and how a record says them: the first year of the text is X年, a month is a season, a day is some day."""

import re
from collections.abc import Iterator, Sequence

from bot import codes
from bot.privacy.anonymizer.found import Found, Label

ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018,
        "M": 1867, "T": 1911, "S": 1925, "H": 1988, "R": 2018}  # fmt: skip
DIGITS = str.maketrans("〇一二三四五六七八九元", "01234567891")
N = "(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
YEAR = r"(?:(?P<era>明治|大正|昭和|平成|令和|(?<![A-Za-z])[MTSHR]) ?\.?(?P<of>[0-9]{1,2}|元|[一二三四五六七八九十]{1,3})|(?P<west>(?:19|20)[0-9]{2})|'(?P<short>[0-9]{2}))"
DAY_NAME = r"(?: ?\([月火水木金土日](?:曜日?)?(?:・祝)?\)|(?<=日)[月火水木金土日]曜日?)?"
PART = "(?:末|上旬|中旬|下旬|初旬|初め|はじめ|半ば|なかば)?"
RELATIVE = "(?:昨年|今年|来年|去年|一昨年|おととし|再来年|翌年|同年|本年|昨日|本日|今日|明日|昨夜|先月|今月|来月|先々月|再来月|翌月|同月)の?"
DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{YEAR} ?年 ?(?P<month>{N}) ?月 ?(?P<day>{N}) ?日?{DAY_NAME}",
        rf"{YEAR} ?[./\-] ?(?P<month>[0-9]{{1,2}}) ?[./\-] ?(?P<day>[0-9]{{1,2}})(?![0-9/\-]){DAY_NAME}",
        rf"{YEAR} ?年 ?(?P<month>{N}) ?月{PART}(?![0-9])",
        rf"(?<![0-9]){YEAR} ?[./] ?(?P<month>1[0-2]|0?[1-9])(?![0-9./])",
        rf"{YEAR} ?年(?![度金0-9])(?!以[上下])",
        rf"(?:{RELATIVE})?(?<![0-9])(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]) ?月 ?(?P<day>{N}) ?日{DAY_NAME}(?:(?:から|~|-|、|・)[0-9]{{1,2}}日(?!間))?",
        rf"(?<![0-9./\-])(?<![0-9]:)(?P<month>1[0-2]|0?[1-9])/(?P<day>3[01]|[12][0-9]|0?[1-9])(?![0-9/%割錠量倍]){DAY_NAME}(?:[-~〜][0-9]{{1,2}}(?:/[0-9]{{1,2}})?(?![0-9/:]))?",
        rf"(?:昨年|今年|来年|去年|一昨年|翌年|同年|本年)の?(?P<month>1[0-2]|[1-9]) ?月{PART}(?![0-9])",
        r"(?<![0-9年ヶかカケ.])(?P<month>1[0-2]|[1-9]) ?月(?:末|上旬|中旬|下旬|初旬|初め|はじめ|半ば|分(?!の))?(?![0-9曜額謝給々])",
        rf"(?:先月|今月|来月|先々月|翌月|同月)の?[0-9]{{1,2}}日{DAY_NAME}",
        r"(?:こんげつ|らいげつ|せんげつ|今月|来月|先月)(?:末|すえ|まつ)",
        r"毎[月週](?:第 ?[1-5][・、]?)*(?:[1-5])? ?[月火水木金土日]曜日?",
        rf"(?<![0-9月カヶか])(?P<day>3[01]|[12][0-9]|[1-9])日(?:{DAY_NAME})(?=[0-9]{{1,2}}[時:]|\(|の?(?:朝|昼|夕|夜|午前|午後|夜中|未明)|に(?!(?:[0-9一]|何)[回度本日食])|付|、?[0-9]{{1,2}}:)(?<!\(日)",
        r"[月火水木金土日]曜日?の?[0-9]{1,2}日(?!間)",
    )
)
SEASONS = (
    "winter",
    "winter",
    "spring",
    "spring",
    "spring",
    "summer",
    "summer",
    "summer",
    "autumn",
    "autumn",
    "autumn",
    "winter",
)


def dates(text: str) -> Iterator[Found]:
    """Dates of every writing, also months and days alone. `parts`: the year and the month, "" where not said."""
    for pattern in DATES:
        for match in pattern.finditer(text):
            told = match.groupdict()
            month = _number(told["month"]) if told.get("month") else 0
            if month <= 12:
                yield Found(
                    *match.span(), Label.DATE, 0.95, "date", parts=(_year(told), str(month) if month else "")
                )


def _year(told: dict[str, str | None]) -> str:
    if west := told.get("west"):
        return west
    if era := told.get("era"):
        return str(ERAS[era] + _number(told["of"] or "1"))
    return f"20{short}" if (short := told.get("short")) else ""


def _number(written: str) -> int:
    """A number of at most two digits, in digits or kanji."""
    if "十" in written:
        tens, _, ones = written.partition("十")
        return int(tens.translate(DIGITS) or 1) * 10 + int(ones.translate(DIGITS) or 0)
    return int(written.translate(DIGITS))


def told(found: Sequence[Found]) -> list[str]:
    """What a record says instead of each date: the year counted from the first one, and the season."""
    years = [int(each.parts[0]) for each in found if each.parts and each.parts[0]]
    first = min(years, default=0)
    return [_told(each, first) for each in found]


def _told(each: Found, first: int) -> str:
    year, month = each.parts or ("", "")
    season = codes.label("mask_tokens", SEASONS[int(month) - 1]) if month and int(month) >= 1 else ""
    if not year:
        return season or codes.label("mask_tokens", "some_day")
    after = int(year) - first
    code = "year_after" if after else "year"
    return codes.label("mask_tokens", code).format(years=after) + season
