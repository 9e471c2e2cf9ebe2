"""What the fields of a つなぎシート could say at first: from what was told and done, masked as what leaves the desk is."""

from collections.abc import Mapping

from bot import codes
from bot.domain.consultation import Consultation
from bot.domain.events import Event
from bot.store.database import Transaction
from bot.usecases import case_names

LIMIT = 1500  # characters of one field
FROM_WORDS = {"story": "trouble", "told": "trouble", "summary": "course"}  # what fills which field at first


async def from_words(
    tx: Transaction, consultation: Consultation, purpose: str
) -> tuple[Mapping[str, str], bool]:
    """What the fields could say, from what was told and done: masked by all that is known of the case. Audited."""
    await tx.audit.record(Event.WORDS_READ, consultation.id, why="package")
    told: dict[str, list[str]] = {}
    for each in await tx.casework.words_of(consultation.id):
        if name := FROM_WORDS.get(each.kind):
            told.setdefault(name, []).append(each.text)
    texts = {name: "\n".join(parts) for name, parts in told.items()}
    case = (await case_names.case_of(tx, consultation.id)).for_good()
    seen = await case_names.read_together(texts, case, dates=True) if texts else {}
    masked = {name: each.masked for name, each in seen.items()}
    masked["theme"] = "、".join(codes.label("supporter_concerns", each) for each in consultation.concerns)
    masked["reason"] = codes.label("handover_purposes", purpose)
    return {name: text[:LIMIT] for name, text in masked.items()}, any(
        len(text) > LIMIT for text in masked.values()
    )
