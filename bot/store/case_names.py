"""The dictionary of a case: who and what was named in it, what stands for them, and what is nobody's name."""

from dataclasses import dataclass, replace

from bot.domain.casework import Written
from bot.privacy.anonymizer import Label
from bot.store.keys import KeyDestroyed
from bot.store.queries import load
from bot.store.session import Session

SQL = load("case_names")


@dataclass(frozen=True, slots=True)
class CaseName:
    """A surface as it was written. `token`: what stands for it, "" = nothing yet. `kept`: it is nobody's name.

    `merged`: it was said in a consultation that was merged into this one. `id` "": it is not kept yet.
    """

    surface: str
    label: Label
    token: str = ""
    kept: bool = False
    merged: bool = False
    id: str = ""


class CaseNames:
    """Sealed in, opened out: one row for each name of a consultation."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._connection = session.connection

    async def of(self, consultation: str) -> list[CaseName]:
        """Everything known of this case, oldest first; what is known of those merged into it comes before."""
        found = []
        for row in [row async for row in SQL.of(self._connection, consultation=consultation)]:
            owner = row["consultation"]
            try:
                surface, token = [
                    await self._session.keys.open(owner, "case_names", part, row["id"], row[f"{part}_sealed"])
                    for part in ("surface", "token")
                ]
            except KeyDestroyed:  # it was merged into this one, and has expired since
                continue
            found.append(
                CaseName(
                    surface, Label(row["label"]), token, bool(row["kept"]), owner != consultation, row["id"]
                )
            )
        return found

    async def merged(self, consultation: str) -> list[str]:
        """The ids of what was merged into a case and can still be opened."""
        return [row["id"] async for row in SQL.merged(self._connection, consultation=consultation)]

    async def put(self, consultation: str, name: CaseName) -> CaseName:
        """Say something about a name of this consultation. What was said about it before counts no more."""
        row = name.id or self._session.new_id()
        keys = self._session.keys
        said = {
            "id": row,
            "label": name.label.value,
            "kept": int(name.kept),
            "added_by": self._session.actor.id,
            "at": self._session.now,
            "token_sealed": await keys.seal(consultation, "case_names", "token", row, name.token),
        }
        if name.id:
            await SQL.change(self._connection, **said)
        else:
            surface = await keys.seal(consultation, "case_names", "surface", row, name.surface)
            await SQL.add(self._connection, consultation=consultation, surface_sealed=surface, **said)
        return replace(name, id=row)

    async def write_again(self, consultation: str, written: Written, text: str) -> None:
        """Put other words where these were written; who wrote them, and when, stays."""
        sealed = await self._session.keys.seal(consultation, "words", "text", written.id, text)
        await SQL.put_words(self._connection, id=written.id, text_sealed=sealed)
