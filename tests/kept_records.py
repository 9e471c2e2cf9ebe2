"""Records that stay, put straight into the library: many, alike, of no consultation."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.casework import Record
from bot.store.rows import encode

BLANK = Record(
    id="", made_at=datetime(2026, 4, 10, tzinfo=UTC), confirmed_by="U_SATO", fiscal_year=2026, region="koto",
    supporter_field=None, organization_type=None, occupation=None, route="slash", urgency="u3", concerns=(),
    characteristics=(), dispositions=("advice_closed",), primary_disposition="advice_closed",
    closing_reason="resolved", situation="", formulation="", advice="", outcome="", ruleset="test",
    codes_version="2026.1", age_band="senior", sex="female", household="alone", theme="approach",
)  # fmt: skip
_ids = itertools.count()


async def given_records(desk, how_many, month=4, **facts):
    """So many records of one month, alike but for their ids; gives the ids."""
    made = [
        replace(
            BLANK,
            **{
                "id": (name := f"r{next(_ids):05}"),
                "of_case": name,
                "made_at": datetime(2026, month, 10, tzinfo=UTC),
            }
            | facts,
        )
        for _ in range(how_many)
    ]
    async with desk.db.transaction(await desk.actor("U_SATO")) as tx:
        for each in made:
            row = encode(each)
            names = ", ".join(row)
            values = ", ".join(f":{name}" for name in row)
            await tx.connection.rows(f"INSERT INTO records ({names}) VALUES ({values})", row)
    return [each.id for each in made]
