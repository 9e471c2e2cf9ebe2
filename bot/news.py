"""What is said, made at the moment of saying it: an outbox row and the present rows become words, a Home or a paper."""

from dataclasses import dataclass
from typing import Any

from bot import (
    homes,
    news_advice,
    news_directory,
    news_handovers,
    news_review_papers,
    news_reviews,
    news_trainings,
)
from bot.domain.business_time import TOKYO
from bot.domain.consultation import ENDED, WAITING, Consultation
from bot.messages import Document, Home, Later, Message, Window, label, render, words
from bot.organisation import Organisation
from bot.reports import destruction, figures
from bot.reports.apart import printed
from bot.reports.facts import AdviceFacts, DeskFacts, ReceiptFacts
from bot.store.database import Reading
from bot.store.outbox import OutboxRow

LATE_MORNING = 11

Content = Message | Home | Window | Document | Later | None


@dataclass(frozen=True, slots=True)
class Composer:
    """Makes the words for one organisation. None: there is nothing to say any more."""

    organisation: Organisation

    async def __call__(self, ask: Reading, row: OutboxRow) -> Content:
        """Make what a row promises, from what is true now."""
        if row.op == "home":
            rules = self.organisation
            return Home(
                homes.view(await homes.facts(ask, row.to, rules.retention, rules.reviews), self.organisation)
            )
        if row.op == "remove":
            return Message("", [])
        if "review" in row.facts and row.template in news_review_papers.TEMPLATES:
            return await news_review_papers.compose(ask, row, self.organisation)
        if "review" in row.facts:
            return await news_reviews.compose(ask, row, self.organisation)
        if "advice" in row.facts:
            return await news_advice.compose(ask, row, self.organisation)
        if "training" in row.facts:
            return await news_trainings.compose(ask, row, self.organisation)
        if "place" in row.facts:
            return await news_directory.compose(ask, row, self.organisation)
        if "package" in row.facts or "agreement" in row.facts:
            return await news_handovers.compose(ask, row, self.organisation)
        if row.template == "figures_sheet":
            return await figures.paper(ask, row, self.organisation)
        if "release" in row.facts:
            from bot.reports import study  # with the first such file: it takes memory

            return await study.paper(ask, row, self.organisation)
        if row.template in destruction.TEMPLATES:
            return await destruction.compose(ask, row, self.organisation)
        if row.template == "follow_up":
            asked = await ask.casework.followup(row.subject)
            told = self._about(await ask.consultations.get(asked.consultation), ask)
            return render("messages/follow_up", **told, asked=asked)
        if row.template == "digest":
            waiting = _pressing_first(await ask.consultations.waiting())
            return render("messages/digest", waiting=waiting, morning=self._morning(ask))
        if about := row.facts.get("consultation") or row.subject:
            consultation = await ask.consultations.get(about)
            if row.op == "upload":
                return await self._paper(ask, row, consultation)
            if row.op == "card":
                return self.card(consultation, ask)
            return render(f"messages/{row.template}", **{**row.facts, **self._about(consultation, ask)})
        return render(f"messages/{row.template}", organisation=self.organisation, now=ask.now, **row.facts)

    def card(self, consultation: Consultation, ask: Reading) -> Message:
        """Draw the live card: codes only."""
        return render("messages/card", **self._about(consultation, ask))

    def _about(self, c: Consultation, ask: Reading) -> dict[str, Any]:
        return {
            "c": c,
            "now": ask.now,
            "organisation": self.organisation,
            "ended": c.status in ENDED,
            "waiting": c.status in WAITING,
        }

    def _morning(self, ask: Reading) -> bool:
        """Whether one says good morning: in the first open hour, before eleven."""
        return (
            self.organisation.calendar.just_opened(ask.now) and ask.now.astimezone(TOKYO).hour < LATE_MORNING
        )

    async def _paper(self, ask: Reading, row: OutboxRow, c: Consultation) -> Document:
        kind = row.template.removeprefix("paper_")
        told = self._receipt(c, row) if kind == "receipt" else await self._advice(ask, c, row)
        return Document(
            filename=f"{c.number}-{kind}.pdf",
            title=words(f"messages/paper_{kind}_title", c=c),
            content=await printed(told),
            comment=words(f"messages/paper_{kind}", c=c),
        )

    def _desk(self) -> DeskFacts:
        there = self.organisation
        return DeskFacts(name=there.desk_name, phone=there.phone, address=there.address, keeper=there.name)

    def _receipt(self, c: Consultation, row: OutboxRow) -> ReceiptFacts:
        return ReceiptFacts(
            desk=self._desk(),
            number=c.number,
            received_at=c.received_at,
            call_by=None if c.status in ENDED else c.promised_at,
            made_at=row.created_at,
            how_to_call=tuple(label(each, "callback_privacy") for each in c.privacy),
            emergency=tuple(
                f"{each.label} {each.number or ''}".strip() for each in self.organisation.emergency
            ),
            danger_first=c.danger,
        )

    async def _advice(self, ask: Reading, c: Consultation, row: OutboxRow) -> AdviceFacts:
        """What was advised, as screened when it was written; the newest next action."""
        written = await ask.casework.words_of(c.id)
        advice = [each for each in written if each.kind in {"advice", "closing"}]
        following = [each.text for each in written if each.kind == "next_action"]
        return AdviceFacts(
            desk=self._desk(),
            number=c.number,
            advised_at=advice[-1].at if advice else row.created_at,
            advice="\n\n".join(each.text for each in advice),
            made_at=row.created_at,
            asked=tuple(label(each, "supporter_concerns") for each in c.concerns),
            next_step=following[-1] if following and c.next_action_on else "",
            next_on=c.next_action_on,
        )


def _pressing_first(waiting: list[Consultation]) -> list[Consultation]:
    """Danger, then what was to be today, then by promise."""
    return sorted(waiting, key=lambda c: (not c.danger, c.urgency > "u2", c.promised_at))
