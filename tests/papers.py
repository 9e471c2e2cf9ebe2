"""Papers for tests: whose desk prints them, a receipt and an advice, and how they are read again."""

import re
from datetime import UTC, date, datetime
from io import BytesIO

from pypdf import PageObject, PdfReader

from bot.reports.facts import AdviceFacts, DeskFacts, ReceiptFacts

DESK = DeskFacts(
    name="支援者のための相談窓口",
    phone="077-000-0000",
    address="〒520-0000 滋賀県どこか市どこか町1丁目2-3",
    keeper="公益社団法人 どこか県社会福祉士会",
    hours="月曜から金曜 9時から17時",
)
RECEIPT = ReceiptFacts(
    desk=DESK,
    number="R8-0042",
    received_at=datetime(2026, 11, 24, 0, 20, tzinfo=UTC),
    call_by=datetime(2026, 11, 24, 2, 0, tzinfo=UTC),
    made_at=datetime(2026, 11, 24, 0, 21, tzinfo=UTC),
    how_to_call=("携帯のみにかける", "伝言しない"),
)
ADVICE = AdviceFacts(
    desk=DESK,
    number="R8-0042",
    advised_at=datetime(2026, 11, 27, 5, 0, tzinfo=UTC),
    advice="Aさん(80代)のところへ、月に2回、足を運んでこられました。\n\n主治医に、同席をお願いしてみる。",
    made_at=datetime(2026, 11, 27, 6, 0, tzinfo=UTC),
    asked=("支援者の孤立・疲弊", "見立て(アセスメント)に迷う"),
    next_step="主治医へ電話できいてみる。",
    next_on=date(2026, 12, 8),
)


def read(pdf: bytes) -> str:
    """All that a reader finds on the pages, without spaces."""
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


def pages(pdf: bytes) -> list[PageObject]:
    return list(PdfReader(BytesIO(pdf)).pages)


def in_order(text: str, *parts: str) -> bool:
    return re.search(".*".join(re.escape("".join(part.split())) for part in parts), text) is not None
