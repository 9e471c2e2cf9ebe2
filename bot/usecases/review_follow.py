"""What the clock calls to mind after a review: what was taken over, and how it went where nobody can be asked in Slack."""

from datetime import date, timedelta

from bot.domain import timeline
from bot.domain.business_time import TOKYO
from bot.domain.review import Review
from bot.domain.review_papers import Task
from bot.domain.staff import THE_CLOCK
from bot.store.database import Reading
from bot.usecases import review_desk
from bot.usecases.desk import ASKED_BACK, Desk
from bot.usecases.following import ADVISED
from bot.usecases.review_desk import tell

MORNING = 9
LATE = timedelta(days=3)  # after its day, the coordinators hear of a task
FORGOTTEN = timedelta(days=30)  # from then on nobody is reminded of it any more


async def sweep(desk: Desk) -> None:
    """Call open tasks to mind: the day before, on their day, and three days later with the coordinators."""
    async with desk.db.reading() as ask:
        today = ask.now.astimezone(TOKYO)
        if today.hour < MORNING or timeline.put_off(ask.now, desk.organisation.trainings.quiet):
            return
        due = []
        for task in await ask.review_papers.tasks_due(today.date() + timedelta(days=1)):
            review = await ask.reviews.get(task.review)
            about = _due(task, today.date(), there=await _is_there(ask, task, review))
            to = desk.organisation.channels.coordinators if about == "task_late" else task.staff
            if about and not await ask.outbox.has(review_desk.key_of(about, review, to, task.id)):
                due.append((about, review, to, task.id))
        unasked = [each for each in await _to_ask(ask) if not await ask.outbox.has(_asks(*each))]
    for about, review, to, task_id in due:
        async with desk.db.transaction(THE_CLOCK) as tx:
            await tell(tx, to, about, review, task_id, task=task_id)
    for review, to in unasked:
        async with desk.db.transaction(THE_CLOCK) as tx:
            await tell(tx, to, "advice_followed", review, "")


async def _to_ask(ask: Reading) -> list[tuple[Review, str]]:
    """Who asks supporters without Slack how it went, two weeks after the advice, while that still makes sense."""
    found = []
    for review_id in await ask.review_papers.advised(ask.now - FORGOTTEN, ask.now - ASKED_BACK["follow_up"]):
        review = await ask.reviews.get(review_id)
        consultation = await ask.consultations.get(review.consultation)
        if consultation.status in ADVISED and consultation.counselor:
            found.append((review, consultation.counselor))
    return found


def _asks(review: Review, to: str) -> str:
    return review_desk.key_of("advice_followed", review, to, "")


async def _is_there(ask: Reading, task: Task, review: Review) -> bool:
    """Whether whoever took it over still belongs to the desk, or is the one who asked."""
    consultation = await ask.consultations.get(review.consultation)
    return task.staff == consultation.supporter or bool(await ask.staff.roles_of(task.staff))


def _due(task: Task, today: date, *, there: bool) -> str | None:
    """What is said about an open task on this day. `there`: whether whoever took it over can be asked."""
    if today < task.due:
        return "task_near" if there else None
    if there and today < task.due + LATE:
        return "task_due"
    return "task_late" if today < task.due + FORGOTTEN else None
