"""What one association promises: how soon somebody calls, and how long a claim holds while nobody has."""

from typing import Annotated, Self

from pydantic import Field, StrictInt, model_validator

from bot.domain.business_time import ByClosing, Rule, WithinMinutes
from bot.organisation_answers import Minutes, Table, mistake


class PromiseRule(Table):
    """How soon somebody calls: within open `minutes`, or by closing of the `day`-th open day from today."""

    minutes: Minutes | None = None
    day: Annotated[StrictInt, Field(ge=0, le=60)] | None = None
    at_least: Annotated[StrictInt, Field(ge=1, le=1440)] = 60

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.minutes is None) == (self.day is None):
            raise mistake("one_rule")
        return self

    @property
    def rule(self) -> Rule:
        """The same as `Calendar.promise` takes it."""
        if self.minutes is not None:
            return WithinMinutes(self.minutes)
        return ByClosing(self.day or 0, self.at_least)


class Promises(Table):
    """The promise for each urgency."""

    u1: PromiseRule
    u2: PromiseRule
    u3: PromiseRule
    u4: PromiseRule
    u5: PromiseRule


class Expiry(Table):
    """Open minutes without an attempt after which a claimed consultation goes back to the queue."""

    u1: Minutes
    u2: Minutes
    u3: Minutes
    u4: Minutes
    u5: Minutes


class Claim(Table):
    """How long a claim holds while nobody has called, and how long before its end a reminder comes."""

    remind_before: Minutes
    expires_after: Expiry

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for urgency in Expiry.model_fields:
            if getattr(self.expires_after, urgency) <= self.remind_before:
                raise mistake("remind_late", key=f"claim.expires_after.{urgency}")
        return self
