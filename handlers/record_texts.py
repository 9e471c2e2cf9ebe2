"""The four texts of a record in a form: what was masked in them, which unusual facts stay, and the form once more."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.casework import TEXTS
from bot.usecases.case_names import Confirmed
from bot.usecases.desk import Identified
from bot.usecases.record_gate import Unusual
from handlers.forms import Answers, Form
from handlers.replies import Offer
from handlers.standing import STANDING, Looked, answered
from handlers.wording import Masked, asking_to_keep, confirmed_for_good, keeping, masked_in, unmasked


@dataclass(frozen=True, slots=True)
class Back:
    """A form that comes back. `look`: its texts and boxes; `found`: what is masked in them.

    `quiet`: nothing new was masked; `more`: how many unusual facts were found in what was sent.
    """

    values: Mapping[str, Any]
    round: int
    look: Looked
    found: Masked = field(default_factory=Masked)
    quiet: bool = False
    more: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent: the answers with the names in them that are nobody's, the texts with the facts that stay."""

    answers: Answers
    look: Looked
    names: Confirmed

    @classmethod
    def of(cls, view: dict[str, Any]) -> "Sent":
        """Read the form."""
        sent = Answers.of(view)
        answers = unmasked(sent, *TEXTS)
        look = answered(answers, TEXTS)
        stripped = replace(answers, values=dict(look.texts))
        look = replace(look, texts={name: stripped.text(name) for name in TEXTS})
        return cls(answers, look, confirmed_for_good(sent, *TEXTS))

    async def taken(self, act: Callable[[], Awaitable[object]], draw: Callable[[Back], Form]) -> None:
        """Do the act. Where something is to be looked at first, raise the form again."""
        values, earlier = masked_in(self.answers, Identified({}))
        quietly = Back(values.values, self.answers.round + 1, self.look, earlier, quiet=True)
        if self.look.doubtful:
            raise Offer(draw(quietly).view())
        try:
            await act()
        except Identified as refused:
            typed = {**self.answers.values, **self.look.texts}
            masked, found = masked_in(replace(self.answers, values=typed), refused)
            look = replace(self.look, texts={name: masked.values[name] for name in TEXTS})
            raise Offer(draw(Back(masked.values, quietly.round, look, found)).view()) from None
        except Unusual as refused:
            look = self.look.removing(refused.found)
            raise Offer(draw(replace(quietly, look=look, more=refused.places)).view()) from None


def say_why(form: Form, back: Back) -> None:
    """Say above the texts why they are here again."""
    if not back.quiet:
        asking_to_keep(form, back.found, stays=True)
    if back.more:
        form.note("refusals/unusual", places=back.more)
    if back.look.doubtful:
        form.note("forms/record_doubtful")


def texts(form: Form, look: Looked, found: Masked | None) -> None:
    """Draw the texts, boxes for what is masked (`found`; None: they stand above) and boxes for unusual facts."""
    for name in TEXTS:
        form.text(name, optional=True, long=True)
    if found is not None:
        keeping(form, found)
    if look.boxes:
        form.note("forms/record_unusual", too_long=look.too_long)
    if look.options:
        form.choices(STANDING, look.options, optional=True, boxes=True)
