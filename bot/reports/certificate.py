"""修了証, made when it is sent: what is kept about it becomes a paper."""

from typing import Any

from bot.domain.refusals import NotFound
from bot.messages import Document, label, words
from bot.reports.apart import printed
from bot.reports.facts import CertificateFacts
from bot.store.database import Reading
from bot.store.outbox import OutboxRow


async def paper(ask: Reading, row: OutboxRow, told: dict[str, Any]) -> Document:
    """Make the paper a row promises; `told` is what a template about a training is told.

    Raises `NotFound` where there is no certificate for this participation.
    """
    certificate = await ask.certificates.of(str(row.facts["participation"]))
    if certificate is None:
        raise NotFound
    training, organisation = told["t"], told["organisation"]
    name = (await ask.participations.answers(told["p"])).get("name", "")
    facts = CertificateFacts(
        association=organisation.name,
        desk=organisation.desk_name,
        phone=organisation.phone,
        number=certificate.number,
        code=certificate.code,
        name=name,
        kind=label(training.plan.kind, "training_kinds"),
        title=training.title,
        sessions=tuple((each.starts_at, each.ends_at) for each in sorted(training.plan.sessions)),
        minutes=certificate.minutes,
        issued_at=certificate.issued_at,
    )
    return Document(
        filename=f"{certificate.number}.pdf",
        title=words("messages/certificate_title", number=certificate.number),
        content=await printed(facts),
        comment=words(
            "messages/certificate", number=certificate.number, own=told["p"].person == row.to, **told
        ),
    )
