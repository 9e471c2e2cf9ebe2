"""Names that houses and firms are called by and that no dictionary knows: coined words, phrases, places with an end."""

from random import Random

from bot.privacy.train.lists import LISTS

ROWS = {
    "": "あいうえお", "k": "かきくけこ", "s": "さしすせそ", "t": "たちつてと", "n": "なにぬねの", "h": "はひふへほ",
    "m": "まみむめも", "y": "やゆよ", "r": "らりるれろ", "w": "わ", "g": "がぎぐげご", "p": "ぱぴぷぺぽ", "b": "ばびぶべぼ",
    "z": "ざじず", "d": "だでど",
}  # fmt: skip
MORAE = [mora for row in ROWS.values() for mora in row]
SOFT = [mora for name in ("", "k", "n", "m", "r", "p", "h", "y") for mora in ROWS[name]]
LATIN = ["ba", "be", "bo", "ca", "co", "da", "de", "di", "fe", "fi", "ha", "ka", "ki", "ko", "la", "le", "li", "lu", "ma", "me", "mi", "mo", "na", "ne", "ni", "no", "pa", "po", "ra", "re", "ri", "ro", "sa", "se", "so", "ta", "te", "ti", "to", "va", "ve", "vi", "yo", "yu"]  # fmt: skip
WORDS = ["Life", "Home", "Smile", "Link", "Step", "Be", "Re", "Care", "Work", "Lab", "Room", "Plus", "Kids", "Hug", "One", "Cafe", "Base", "Port", "Next", "Grow"]  # fmt: skip


class Coiner:
    """Draws names nobody has heard."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def pick(self, name: str) -> str:
        """One of a list of `words.toml`."""
        return self.random.choice(LISTS[name])

    def any(self) -> str:
        """A name of any kind."""
        dice = self.random.random()
        if dice < 0.3:
            return self.soft()
        if dice < 0.48:
            return self.phrase()
        if dice < 0.68:
            return self.foreign()
        if dice < 0.76:
            return self.latin()
        return self.kanji()

    def soft(self) -> str:
        """A hiragana word: a real one, one said twice, or sounds alone."""
        dice = self.random.random()
        if dice < 0.88:
            return self.pick("soft_words")
        if dice < 0.95:
            half = self.random.choice(SOFT) + self.random.choice([*SOFT, "ん", "っ", "ー"])
            return half * 2 if half[-1] != "っ" else half + self.random.choice(SOFT)
        word = "".join(self.random.choice(MORAE) for _ in range(self.random.choice([2, 3, 3, 3, 4, 4])))
        return word + self.random.choice(["", "", "ん", "っと", "り"] if len(word) < 4 else [""])

    def phrase(self) -> str:
        """Two words with something between them: 丘のうえ, ことりと森."""
        one, two = self.pick("phrase_words"), self.pick("phrase_words")
        joint = self.random.choice(["の", "の", "の", "の", "と", "", "・"])
        return one + joint + two

    def foreign(self) -> str:
        """A katakana word: a real one or sounds alone."""
        if self.random.random() < 0.5:
            return self.pick("foreign_words") + (
                "" if self.random.random() < 0.8 else self.pick("foreign_words")
            )
        word = "".join(self.random.choice(MORAE) for _ in range(self.random.choice([2, 3, 3, 4])))
        word += self.random.choice(["", "ー", "ン", "ア", "ス", "ル", "リア", "ッタ"])
        return "".join(chr(ord(char) + 0x60) if "ぁ" <= char <= "ゖ" else char for char in word)

    def latin(self) -> str:
        """A word in Latin letters."""
        if self.random.random() < 0.4:
            word = self.random.choice(WORDS) + self.random.choice(["", " ", ":", "-"])
            word = (word + self.random.choice(WORDS)).strip(" :-")
        else:
            word = "".join(self.random.choice(LATIN) for _ in range(self.random.randint(2, 3)))
        return self.random.choice([word.upper(), word.capitalize(), word])

    def kanji(self) -> str:
        """Characters of nature, a place, an end of old names."""
        dice = self.random.random()
        if dice < 0.12:
            return self.pick("one_words")
        one = self.pick("old_places") if dice < 0.5 else self.pick("one_words") + self.pick("one_words")
        return one + (self.pick("old_ends") if self.random.random() < 0.75 else "")
