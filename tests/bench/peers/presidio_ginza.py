"""Presidio with GiNZA's named entities and with recognizers for what Japanese notes hold, as its manual describes.

Without these it finds no Japanese name: there is no configuration for Japanese among its own.
"""

import logging

from labels import LABELS
from lines import serve
from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry
from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import (
    EmailRecognizer,
    PhoneRecognizer,
    SpacyRecognizer,
    UrlRecognizer,
)

logging.disable(logging.CRITICAL)
ERA = r"(?:明治|大正|昭和|平成|令和|[MTSHR])\s?\d{1,2}"
DAY = rf"(?:{ERA}|(?:19|20)\d\d)[年./-]\s?\d{{1,2}}[月./-]\s?\d{{1,2}}日?"
NAME = "(?:[一-龥々]{1,3}|[ァ-ヶー]{2,6})"
HONORIFIC = "(?=さん|様|さま|氏|先生|君|くん|ちゃん)"
PATTERNS = {
    "PHONE": [r"(?<!\d)0\d{1,4}[-(ー－–]\d{1,4}[-)ー－–]\d{3,4}(?!\d)", r"(?<!\d)0\d{9,10}(?!\d)"],
    "DATE_OF_BIRTH": [rf"{DAY}\s?(?:生まれ|生)", rf"(?<=生年月日)\D{{0,3}}{DAY}"],
    "DATE": [DAY, r"(?<!\d)\d{1,2}月\d{1,2}日", r"(?<![\d/])\d{1,2}/\d{1,2}(?![\d/])"],
    "AGE": [r"(?<!\d)\d{1,3}\s?[歳才]", r"(?<=[(（])\d{1,3}(?=[)）])"],
    "ID_NUMBER": [r"(?<!\d)\d{12}(?!\d)", r"(?<!\d)\d{4}[- ]\d{4}[- ]\d{4}(?!\d)", r"[A-Z]{2}\d{8}[A-Z]{2}",
                  r"(?<=番号)\D{0,3}[A-Z]?\d[\d-]{4,}"],
    "ADDRESS": [r"〒?\d{3}-\d{4}(?!-?\d)", r"[一-龥ヶ]{1,6}[市町村区郡][一-龥ヶ]{0,8}\d+(?:丁目|番地?|号|-\d+)*",
                r"\d+丁目(?:\d+(?:番地?|号|-)?)*"],
    "PERSON": [rf"{NAME}(?:[ 　]?{NAME}|[ぁ-ん]{{2,3}})?{HONORIFIC}"],
}  # fmt: skip
SCORES = {"PERSON": 0.4}
THRESHOLD = 0.35


def recognizers():
    """Japanese patterns, and Presidio's own where they take a language."""
    for label, patterns in PATTERNS.items():
        told = [Pattern(f"{label} {n}", each, SCORES.get(label, 0.7)) for n, each in enumerate(patterns)]
        yield PatternRecognizer(supported_entity=label, patterns=told, supported_language="ja")
    yield EmailRecognizer(supported_language="ja")
    yield UrlRecognizer(supported_language="ja")
    yield PhoneRecognizer(supported_language="ja", supported_regions=["JP"])
    yield SpacyRecognizer(supported_language="ja", supported_entities=sorted(set(LABELS.values())))


def analyzer():
    """The engine: one language, GiNZA beneath it."""
    labels = NerModelConfiguration(
        model_to_presidio_entity_mapping=LABELS, labels_to_ignore=[], default_score=0.85
    )
    nlp = SpacyNlpEngine([{"lang_code": "ja", "model_name": "ja_ginza"}], labels)
    registry = RecognizerRegistry(list(recognizers()), supported_languages=["ja"])
    return AnalyzerEngine(registry=registry, nlp_engine=nlp, supported_languages=["ja"])


engine = analyzer()
OURS = {"EMAIL_ADDRESS": "EMAIL", "PHONE_NUMBER": "PHONE", "URL": "OTHER_ID"}


def find(text):
    told = engine.analyze(text=text, language="ja", score_threshold=THRESHOLD)
    return [(each.start, each.end, OURS.get(each.entity_type, each.entity_type), each.score) for each in told]


serve(find)
