"""Why the rules say no. A refusal is safe to show to the person who asked; its words are a template."""

from datetime import datetime


class Refused(Exception):
    """An answer, not an error. `template` names the words, the attributes are their facts.

    `field` names the answer of a form it belongs to, or is empty.
    """

    template: str = "refusals/refused"
    field: str = ""


class NotFound(Refused):
    template = "refusals/not_found"


class NotAllowed(Refused):
    template = "refusals/not_allowed"


class NotYourRole(NotAllowed):
    """What was asked for belongs to other roles: which, as codes."""

    template = "refusals/not_your_role"

    def __init__(self, roles: tuple[str, ...]) -> None:
        self.roles = roles
        super().__init__("needs one of " + ", ".join(roles))


class Outsider(Refused):
    """A guest, a stranger of a shared channel or a deactivated person; nobody here may serve them."""

    template = "refusals/outsider"


class SharedChannel(Refused):
    """The place is seen by another organisation: the desk says nothing there."""

    template = "refusals/shared_channel"


class AlreadyClaimed(Refused):
    """Somebody else holds the consultation: who, and since when."""

    template = "refusals/already_claimed"

    def __init__(self, by: str, since: datetime | None) -> None:
        self.by = by
        self.since = since
        super().__init__(f"held by {by}")


class TooLate(Refused):
    """The consultation has moved on; this step no longer follows from where it is."""

    template = "refusals/too_late"

    def __init__(self, status: str) -> None:
        self.status = status
        super().__init__(f"already {status}")


class NotACounselor(Refused):
    """A call can be given to those only who make calls here."""

    template = "refusals/not_a_counselor"

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__("not a counselor")


class AlreadyTheirs(Refused):
    """Whoever was chosen to take over has it already."""

    template = "refusals/already_theirs"
    field = "taker"


class NotAMember(Refused):
    """Whoever was chosen is a guest, from elsewhere, or gone."""

    template = "refusals/not_a_member"

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__("not a member")


class ChannelRefused(Refused):
    """A chosen channel cannot be written to. `called`: its name, or empty where that is not known."""

    template = "refusals/channel_unknown"

    def __init__(self, field: str, called: str = "") -> None:
        self.field = field
        self.called = called
        super().__init__(f"{type(self).__name__} {field}")


class ChannelNotJoined(ChannelRefused):
    """The bot is no member there."""

    template = "refusals/channel_not_joined"


class ChannelArchived(ChannelRefused):
    """It was closed."""

    template = "refusals/channel_archived"


class ChannelOutside(ChannelRefused):
    """Another organisation sees what is said there."""

    template = "refusals/channel_outside"


class NoSuchDay(Refused):
    """A day or a time that is in no calendar, such as the 29th of February of most years."""

    template = "refusals/no_such_day"

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(f"{field} is no day")


class LastAdmin(Refused):
    """Without this one nobody could give roles any more."""

    template = "refusals/last_admin"
    field = "person"


class ClaimFirst(Refused):
    """Who writes about a consultation has it."""

    template = "refusals/claim_first"


class HearingFirst(Refused):
    """What was done since is written after what was heard."""

    template = "refusals/hearing_first"


class Changed(Refused):
    """Two people changed the same thing at once; nothing was written for the second."""

    template = "refusals/changed"


class Missing(Refused):
    """An answer that is needed is not there."""

    template = "refusals/missing"

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(f"missing {field}")


class InThePast(Refused):
    """A next step must lie ahead."""

    template = "refusals/in_the_past"

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(f"{field} is in the past")


class InTheFuture(Refused):
    """What is said to have happened has not happened yet."""

    template = "refusals/in_the_future"

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(f"{field} is in the future")


class LongAgo(Refused):
    """What is said to have happened lies so far back that the year must be a slip."""

    template = "refusals/long_ago"

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(f"{field} is long ago")


class TwelveDigits(Refused):
    """A My Number has no place here, in any field."""

    template = "refusals/twelve_digits"

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__("a 12-digit number")


class StillNamed(Refused):
    """The words for the record still point at somebody: how many places."""

    template = "refusals/still_named"

    def __init__(self, field: str, places: int) -> None:
        self.field = field
        self.places = places
        super().__init__(f"{places} identifiers left")


class Initials(Refused):
    """A letter in the words for the record is how a name begins; it stands for nobody else."""

    template = "refusals/initials"

    def __init__(self, field: str, letters: str) -> None:
        self.field = field
        self.letters = letters
        super().__init__("initials left")


class YourOwnOffer(Refused):
    """Whoever offered a record cannot be the second person who looks at it."""

    template = "refusals/your_own_offer"


class AlreadyReviewed(Refused):
    """Somebody has looked at the record already: who, and what they said."""

    template = "refusals/already_reviewed"

    def __init__(self, by: str, decision: str) -> None:
        self.by = by
        self.decision = decision
        super().__init__(f"{decision} by {by}")
