"""What is lacking, as it may be read: by region and kind, with small numbers hidden so that nobody can compute them."""

from dataclasses import dataclass

from bot import codes
from bot.organisation import Organisation
from bot.privacy.suppression import Hidden, Shown, suppressed
from bot.store.gaps import Summed


@dataclass(frozen=True, slots=True)
class Line:
    """One cell that is not zero. `region` "": not known."""

    region: str
    kind: str
    number: Shown

    @property
    def topic(self) -> str:
        """Its name among the topics of trainings."""
        return f"{self.region or '-'}.{self.kind}"


@dataclass(frozen=True, slots=True)
class Lacking:
    """All that may be read of a fiscal year. `covered`: every number is hidden, so that none is listed."""

    fiscal_year: int
    this: int
    total: Shown
    lines: tuple[Line, ...]
    regions: dict[str, str]
    covered: bool = False

    @property
    def by_region(self) -> list[tuple[str, list[Line]]]:
        """The lines, region by region, in the order of the list; what is not known comes last."""
        order = [*self.regions, ""]
        held = {each.region for each in self.lines}
        return [
            (code, [each for each in self.lines if each.region == code]) for code in order if code in held
        ]

    @property
    def by_number(self) -> list[Line]:
        """The lines, the most frequent first; hidden numbers come last."""
        return sorted(
            self.lines, key=lambda each: -1 if isinstance(each.number, Hidden) else each.number, reverse=True
        )


def lacking(summed: Summed, organisation: Organisation) -> Lacking:
    """Hide what is too small to be told. Regions and kinds that stand on no list any more have lines of their own."""
    regions = {each.code: each.label for each in organisation.offered("welfare_regions")}
    kinds = [each.code for each in codes.options("resource_gap_kinds")]
    everything = {(region, kind): 0 for region in [*regions, ""] for kind in kinds}
    table = suppressed(everything | summed.cells)
    covered = bool(summed.cells) and all(isinstance(each, Hidden) for each in table.cells.values())
    shown = () if covered else tuple(Line(*key, number) for key, number in table.cells.items() if number != 0)
    names = regions | {region: region for region, _ in summed.cells if region and region not in regions}
    return Lacking(summed.fiscal_year, summed.this, table.total, shown, names, covered)
