"""What is planted in every free text of every form: somebody whom nobody knows, told so that there is no doubt who it is.

A place is `form.field`, or a door that is no form. PEOPLE stand where nobody may be named; GIVEN where a name, a number to
call, a link or a code belongs; NICKNAMES are names the desk cannot find, typed where it asks for them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

# Where words are typed that must point at nobody, and the surname of whom they point at.
SURNAMES = {
    "a command": "鵜飼", "a desk's command": "綿貫", "a letter": "楠見", "a letter of danger": "堀越", "a line in the channel": "蓮沼",
    "a draft of hearing": "荻原", "a closed hearing": "榎並", "a draft of activity": "桑名", "a closed feedback": "柚木",
    "intake.story": "椿原", "proxy.story": "杉浦", "call.note": "栗田", "hearing.formulation": "梶谷", "hearing.advice": "樋口",
    "hearing.next_action": "菅沼", "activity.summary": "芝崎", "activity.advice": "茂木", "activity.next_action": "葛西",
    "handover.note": "蒲田", "release.note": "稲垣", "tell.told": "笹川", "closing.closing_words": "篠塚",
    "record.situation": "薄井", "record.formulation": "蛭田", "record.advice": "諏訪", "record.outcome": "財津",
    "join.needs": "越智", "join.question": "足達", "enter_seat.needs": "轟木", "enter_seat.question": "郡司",
    "ask_question.question": "印南", "answer_question.answer": "鏑木", "feedback.words": "門脇", "precedents.words": "阿久津",
    "a letter to tell": "陣内", "record_replace.situation": "毛利", "record_replace.formulation": "雨宮",
    "record_replace.advice": "布施", "record_replace.outcome": "瀬川",
    "review.question": "鵜沼", "review_poll.note": "仁科", "brief.topic": "椎葉", "brief.reason": "柳沼",
    "brief.question": "鳥飼", "brief.household": "板垣", "brief.course": "桐生", "brief.agencies": "的場",
    "brief.strengths": "真鍋", "notes_issue.issue": "沢渡", "notes_issue.view": "羽田野", "notes_issue.short": "箕浦",
    "notes_issue.long": "間宮", "a closed issue": "蓑田", "a closed dissent": "八代", "notes_dissent.dissent": "湯浅",
    "notes_task.task": "和久井", "review_advice.advice": "鷲尾", "package.theme": "宇梶", "package.reason": "江副",
    "package.household": "大迫", "package.age_sex": "小谷野", "package.course": "柏崎", "package.trouble": "久保寺",
    "package.wish": "黒須", "package.agencies": "首藤", "package.strengths": "瀬戸口", "package.risks": "津久井",
    "package.contact_how": "寺門", "package_answer.words": "鳴海", "package_no.words": "新妻",
    "advice_reading.finding": "日比野", "advice_model.sentence": "水沼", "a person at an agency": "八木沼",
    "a person at a counter": "横溝", "a person for a meeting": "石動", "a person agreed about": "磯貝",
    "a person written to": "榎戸",
}  # fmt: skip
GIVEN_NAMES = (
    "ツタ子", "ヨネ子", "千鶴子", "トメ子", "富士雄", "キヨ子", "喜代治", "シズ江", "寅次郎", "フサ江",
)  # fmt: skip
TOWNS = (
    "膳所", "石山", "堅田", "瀬田", "雄琴", "比叡平", "坂本", "唐崎", "南郷", "仰木", "和邇", "田上", "真野", "木戸", "小野",
    "逢坂", "晴嵐", "平野", "滋賀里", "日吉台", "野村", "矢橋町", "追分", "木川町", "下笠町", "志那町", "穴村町", "馬場町",
    "新浜町", "岡本町", "青地町", "山寺町", "片岡町", "南笠町", "平井",
    "上笠", "野路町", "川原町", "渋川",
    "川田町", "小島町", "笠原町", "今市町", "播磨田町", "石田町", "矢島町", "荒見町", "吉身", "立入町", "千代町", "阿村町",
    "伊勢町", "梅田町", "勝部", "焔魔堂町", "二町町", "古高町", "金森町", "三宅町", "大門町", "横江町", "大林町", "十二里町",
    "赤野井町", "杉江町", "欲賀町", "森川原町", "山賀町", "今浜町", "水保町", "洲本町", "木浜町", "小浜町", "服部町", "新庄町",
    "立田町", "幸津川町",
)  # fmt: skip
OTSU, KUSATSU = 20, 39  # up to where these towns belong to them; the others belong to Moriyama
GARDENS = (
    "梅林", "桃園", "若葉", "白樺", "菜花", "朝顔", "紅葉", "藤棚", "山桜", "水仙", "桔梗", "牡丹", "撫子", "木蓮", "芍薬", "菖蒲",
)  # fmt: skip
MOODS = ("ひだまり", "こもれび", "せせらぎ", "やすらぎ", "あさぎり")
# Names that look like nothing, by the form whose returned draft asks for names besides.
NICKNAMES = {
    form: f"{sound}{ending}"
    for form, (sound, ending) in zip(
        (
            "intake", "proxy", "call", "hearing", "activity", "handover", "release", "tell", "closing", "record",
            "join", "enter_seat", "ask_question", "answer_question", "feedback", "record_replace",
            "review", "review_poll", "brief", "notes_issue", "notes_dissent", "notes_task", "review_advice", "package",
            "package_answer", "package_no", "advice_reading", "advice_model",
        ),
        [
            (sound, ending) for ending in ("丸", "松", "助", "吉")
            for sound in ("みけ", "ちょろ", "ぷく", "もこ", "ぺた", "ぽに", "てけ")
        ],
        strict=True,
    )
}  # fmt: skip
# What belongs where it was typed, by its place; and a number that belongs nowhere.
GIVEN = {
    "a personal number": "482159736025",
    "intake.name": "湖北花苗", "intake.agency": "みずうみ竹生居宅介護支援事業所", "intake.phone": "077-598-6421",
    "proxy.name": "余呉千早", "proxy.agency": "みずうみ賤ヶ岳訪問看護ステーション", "proxy.phone": "0749-62-7135",
    "proxy.callable": "尾上里緒", "contact.phone": "077-585-3319", "contact.callable": "伊香立美鈴",
    "tell.phone": "080-4417-2096",
    "join.name": "塩津多恵", "join.agency": "みずうみ菅浦相談支援センター",
    "enter_seat.name": "木之本佐和", "enter_seat.phone": "0749-82-4106", "enter_seat.agency": "みずうみ高月荘",
    "walk_in.name": "虎姫栄太", "walk_in.phone": "0749-73-5528", "walk_in.agency": "みずうみ速水包括",
    "certificate.name": "塩津たえ", "verify.number": "R8-T987-654", "verify.code": "ZXQW-KVJB", "verify.name": "朝日吉槻",
    "check_in.code": "琵琶湖の鍵言葉", "answer_question.answerer": "大音すみれ先生",
    "minutes.minutes": "https://papers.example/minutes-kanzaki", "a training's command": "姉川のほとりの学び",
    "training.name": "縁側からはじめる支援", "training.purpose": "浅井長作さんの歩みから、世帯まるごとを見ます。",
    "training.place": "米原ことぶき会館", "training.address": "https://meet.example/j/kutsuki", "training.lecturers": "朽木澄江",
    "training.audience": "はじめて担当になった人", "training.materials": "https://papers.example/shiryo-mano",
    "training.contact": "研修係 安曇小夜子", "training.agenda": "議題は鯖街道の見守り", "training.reason": "講師の今津保奈美が欠けるため",
    "training_after.materials": "https://papers.example/ato-no-shiryo", "training_after.minutes": "https://papers.example/ato-no-kiroku",
    "training_after.contact": "研修係 海津夕子", "training_after.agenda": "ふりかえりは若狭の道",
    "review.place": "近江今津の湖畔の会議室", "review_new.number": "永源寺もみじ", "package_answer.number": "日野菜つみ",
    "package_answer.code": "多賀しずく", "a directory's command": "愛知川びん子", "directory.words": "信楽たぬ子",
    "agency.name": "みずうみ朽木相談センター", "agency.phone": "0740-38-2215", "agency.note": "朽木の窓口は第二木曜が休み",
    "town.section": "木地山くらし応援室", "town.phone": "0740-25-8164", "local_name.name": "賤ヶ岳まるごと会議",
    "agreement.office_1": "健康福祉部 賤ヶ岳支援課", "agreement.office_2": "くらし部 醒井支援課",
    "linkage_start.office_1": "福祉部 菅浦支援課",
    "expert_own.mon": "鈴鹿みね子", "expert_own.tue": "比良ゆき子", "expert_own.wed": "御在所たけ子",
    "expert_own.thu": "伊吹もぐさ子", "expert_own.fri": "霊仙ひろ子", "expert_own.sat": "綿向とし子",
    "expert_own.sun": "武奈こずえ",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Somebody:
    """Everything that tells who somebody is."""

    name: str
    surname: str
    born: str
    town: str
    block: str
    facility: str
    phone: str
    number: str

    @property
    def words(self) -> str:
        """What somebody writes of them without thinking of it."""
        return (
            f"{self.name}さん（{self.born}生まれ）は{self.town}{self.block}にお住まいで、{self.facility}デイサービスに"
            f"通っています。{self.surname}さんの電話は{self.phone}、介護保険の被保険者番号は{self.number}です。"
        )

    @property
    def mention(self) -> str:
        """The same, where there is room for a line."""
        return f"{self.name}さん、{self.phone}"

    def canaries(self) -> Iterator[tuple[str, str]]:
        """Each by its kind."""
        yield from ((name, getattr(self, name)) for name in self.__slots__)


def _somebody(n: int, surname: str) -> Somebody:
    return Somebody(
        name=surname + GIVEN_NAMES[n % 10],
        surname=surname,
        born=f"昭和{5 + n % 15}年{1 + n % 12}月{1 + n % 28}日",
        town=f"{'大津市' if n < OTSU else '草津市' if n < KUSATSU else '守山市'}{TOWNS[n]}",
        block=f"{2 + n % 7}丁目{11 + n}番{3 + n}号",
        facility=f"{MOODS[n % 5]}{GARDENS[n // 5]}",
        phone=f"090-71{n:02d}-{(8000 + 37 * n) % 10_000:04d}",
        number=f"0083{(710_000 + 7919 * n) % 1_000_000:06d}",
    )


PEOPLE = {place: _somebody(n, surname) for n, (place, surname) in enumerate(SURNAMES.items())}


def typed(place: str) -> str:
    """What is typed there; in a form that may come back, with a name besides that the desk cannot find."""
    form = place.partition(".")[0]
    nickname = NICKNAMES.get(form, "") if place in LAST else ""
    somebody = PEOPLE[place]
    return (somebody.mention if place in SHORT else somebody.words) + (
        f"{nickname}も来ます。" if nickname else ""
    )


# Where there is room for a line only.
SHORT = frozenset(each for each in PEOPLE if each.startswith("a person ")) | {"brief.topic"}
# The one field of each form in which the name stands that the desk cannot find.
LAST = frozenset({place.partition(".")[0]: place for place in PEOPLE if "." in place}.values())


def planted() -> dict[tuple[str, str], str]:
    """Every canary by its place and kind."""
    people = {(place, kind): each for place in PEOPLE for kind, each in PEOPLE[place].canaries()}
    nicknames = {(f"{form}.more_names", "nickname"): each for form, each in NICKNAMES.items()}
    return {**people, **nicknames, **{(place, "given"): each for place, each in GIVEN.items()}}
