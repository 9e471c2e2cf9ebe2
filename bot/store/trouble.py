"""What can go wrong below the rows. Nothing here ever repeats a parameter, so no error can carry a name."""

from bot.domain.refusals import Refused


class StorageTrouble(Refused):
    """The database could not be reached or written just now; nothing was changed. `reason` is a code.

    One exception to "nothing was changed": a commit whose answer got lost may have happened, so acts are idempotent.
    """

    template = "refusals/storage_trouble"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class StartRefused(Refused):
    """The desk must not open on this database. `why` names the words in templates/refusals."""

    def __init__(self, why: str) -> None:
        self.why = why
        self.template = f"refusals/{why}"
        super().__init__(why)


class ConstraintBroken(Exception):
    """A rule of the schema forbids the write. `rule` is the constraint or the columns, never a value."""

    def __init__(self, rule: str) -> None:
        self.rule = rule
        super().__init__(rule)


class StatementFailed(Exception):
    """A statement the database does not accept: a mistake in the program. `code` is the database's own."""

    def __init__(self, code: str, statement: str) -> None:
        self.code = code
        self.statement = statement
        super().__init__(f"{code}: {' '.join(statement.split())[:200]}")
