"""A library to search in: thirty hand-made records of different kinds, and how a test puts them in."""

from dataclasses import replace
from typing import Any

from bot import codes
from bot.domain.casework import Record
from bot.domain.staff import Actor, Role
from bot.store.database import Transaction
from bot.store.records import SQL
from bot.store.rows import encode
from bot.usecases import precedents
from bot.usecases.desk import Desk
from tests.databases import START

REVIEWER = Actor("U_MORI", frozenset({Role.COUNSELOR}))
REVIEWED = """
INSERT INTO record_reviews (record, offered_by, offered_at, reviewed_by, reviewed_at, decision)
VALUES (:record, 'U_SATO', '2026-11-24', 'U_MORI', '2026-11-24', 'released')
"""
# name: (theme, field, characteristics, situation, advice)
CASES: dict[str, tuple[str, str, tuple[str, ...], str, str]] = {
    "hoard_dog": ("refusal", "elderly", ("hoarding", "animals"), "ごみ屋敷になった家で、犬が増えている。", "保健所と一緒に訪問する。"),
    "hoard_path": ("refusal", "shakyo", ("hoarding",), "ゴミ屋敷の片づけを当日に断られる。", "通り道だけを本人と決める。"),
    "hoard_neighbour": ("role", "government", ("hoarding", "neighbor"), "家の外まで物があふれ、近隣から苦情が届く。", "近隣への説明は市の担当が受け持つ。"),
    "hikikomori_son": ("approach", "elderly", ("c8050", "hikikomori"), "引きこもりの息子が部屋から出てこない。", "体調の話から続ける。"),
    "hikikomori_girl": ("approach", "children", ("hikikomori", "truancy"), "ひきこもりがちな娘が昼夜逆転している。", "好きな漫画の話をする。"),
    "truancy_boy": ("multi_pro", "education", ("truancy",), "不登校の子の世帯。学校と福祉の見方が分かれる。", "学校の先生と役割を紙に書く。"),
    "truancy_entry": ("approach", "education", ("truancy",), "不登校が一年続き、進学を前に不安がある。", "別室への登校を試す。"),
    "school_route": ("role", "education", ("no_case",), "登校の見守りをする人が足りない。", "地域の協力者を募る。"),
    "young_carer": ("approach", "children", ("young_carer",), "幼いきょうだいの世話をする中学生がいる。", "子の声を聞く人をひとり決める。"),
    "dementia_bank": ("legal", "elderly", ("dementia", "money_mgmt"), "認知症の母が通帳を何度もなくす。", "日常生活自立支援事業を紹介する。"),
    "dementia_fire": ("ethics", "elderly", ("dementia",), "認知症のひとり暮らしで、火の始末が心配。", "電磁調理器への買い替えを勧める。"),
    "dementia_walk": ("assessment", "elderly", ("dementia",), "夜に道に迷い、警察に保護された。", "見守りの名簿に載せる。"),
    "guardian": ("legal", "rights", ("guardianship", "no_kin"), "身寄りがなく、成年後見の申立てに迷う。", "市長申立てを窓口に確かめる。"),
    "hospital": ("multi_pro", "medical", ("no_kin",), "退院を前に、身元保証人がいない。", "病院の相談員と役割を分ける。"),
    "debt_rent": ("gap", "livelihood", ("poverty", "debt", "housing"), "家賃の滞納が続き、住まいを失いそう。", "住居確保給付金を申請する。"),
    "debt_card": ("legal", "livelihood", ("debt",), "カードの借金が重なり、眠れない。", "法テラスの相談に同行する。"),
    "work_young": ("goal", "employment", ("work",), "就労が続かず、三か月で辞めてしまう。", "短い時間の実習から始める。"),
    "alcohol": ("refusal", "mental_health", ("addiction",), "飲酒をやめられず、受診を拒む。", "家族教室を先に案内する。"),
    "gambling": ("approach", "livelihood", ("addiction", "debt"), "パチンコに生活費を使う。", "自助グループを紹介する。"),
    "delusion": ("assessment", "mental_health", ("mental_illness",), "隣人に電波を当てられていると話す。", "否定せずに困りごとを聞く。"),
    "self_harm": ("self_care", "mental_health", ("suicide",), "手首を切った跡を見つけた。", "ひとりで抱えず、すぐに上司へ伝える。"),
    "dv_wife": ("ethics", "women", ("dv",), "夫の暴力から逃げたいが、決めきれない。", "安全な連絡の方法を先に決める。"),
    "abuse_elder": ("role", "elderly", ("abuse_elder",), "腕にあざがあり、介護者が疲れている。", "市へ通報し、ショートステイを使う。"),
    "double_care": ("isolation_burnout", "elderly", ("double_care",), "育児と介護が重なり、母親が眠れていない。", "保育の一時預かりを探す。"),
    "foreign": ("system_info", "multicultural", ("foreign",), "日本語が通じず、学校の手紙が読めない。", "通訳の派遣を頼む。"),
    "harass": ("harassment", "elderly", ("claim",), "家族から毎日、長い電話で怒鳴られる。", "電話は十分までと決め、二人で受ける。"),
    "burnout": ("isolation_burnout", "disability", ("no_case",), "担当が自分ひとりで、休めていない。", "事例検討会で分かち合う。"),
    "group_home": ("team_dysfunction", "disability", ("intellectual",), "グループホームの事業所ごとに方針が違う。", "目標をひとつにしぼる。"),
    "autism": ("assessment", "disability", ("developmental",), "音に敏感で、通所先の食堂に入れない。", "耳あてを試し、席を窓ぎわに移す。"),
    "death": ("self_care", "shakyo", ("death",), "担当の方が自宅で亡くなっているのを見つけた。", "同僚と振り返りの時間をとる。"),
}  # fmt: skip


def record(name: str, **changes: Any) -> Record:
    """One of the thirty, or any other with these facts."""
    theme, field, characteristics, situation, advice = CASES.get(name, ("approach", "elderly", (), name, ""))
    made = Record(
        id=name, made_at=START, confirmed_by="U_SATO", fiscal_year=2026, region="konan", supporter_field=field,
        organization_type=None, occupation=None, route="phone", urgency="u3", concerns=(theme,),
        characteristics=characteristics, dispositions=("advice_closed",), primary_disposition="advice_closed",
        closing_reason="resolved", situation=situation, formulation="", advice=advice, outcome="", ruleset="test",
        codes_version=codes.VERSION, age_band="adult", sex="female", household="parent_child", theme=theme, hash="-",
    )  # fmt: skip
    return replace(made, **{"of_case": made.id, **changes})


async def kept(tx: Transaction, *records: Record) -> None:
    """Keep records that nobody offered."""
    for each in records:
        await SQL.add(tx.connection, **encode(each))


async def released(desk: Desk, *records: Record) -> None:
    """Keep records that two people released, and take them into the library."""
    async with desk.db.transaction(REVIEWER) as tx:
        await kept(tx, *records)
    for each in records:
        terms = await precedents.terms_of(desk, each)
        async with desk.db.transaction(REVIEWER) as tx:
            tx.connection.later(REVIEWED, {"record": each.id})
            await tx.precedents.add(each.id, terms)


async def all_thirty(desk: Desk) -> None:
    """Fill the library. Each is alike in its coarse facts but for the theme."""
    await released(desk, *(record(name) for name in CASES))
