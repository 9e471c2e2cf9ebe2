"""The press: papers are made in a process of its own, which may end, hang or be ended."""

import asyncio
import pickle
from dataclasses import replace

import pytest

from bot.reports import apart
from bot.reports.apart import NotPrinted, printed
from bot.reports.paper import advice, receipt
from tests.papers import ADVICE, RECEIPT


async def test_a_paper_made_in_its_own_process_is_the_same_paper():
    assert await printed(RECEIPT) == receipt(RECEIPT)
    assert await printed(ADVICE) == advice(ADVICE)


async def test_a_paper_that_cannot_be_made_is_told_without_its_words():
    with pytest.raises(NotPrinted) as told:
        await printed(replace(ADVICE, asked=None))  # type: ignore[arg-type]

    assert "Aさん" not in str(told.value)
    assert await printed(RECEIPT) == receipt(RECEIPT)  # the next one is made all the same


async def test_a_press_that_was_ended_while_it_waited_is_replaced():
    setter = apart._Setter()
    first = await asyncio.to_thread(setter.printed, pickle.dumps(RECEIPT))
    child = setter._child
    assert child
    child._process.kill()
    child._process.wait()

    with pytest.raises(NotPrinted):  # the control: by itself it prints no more
        child.printed(pickle.dumps(RECEIPT))
    assert await asyncio.to_thread(setter.printed, pickle.dumps(RECEIPT)) == first
    assert setter._child is not child
    setter.end()


async def test_a_press_nobody_asks_any_more_ends_and_one_that_hangs_is_ended(monkeypatch):
    monkeypatch.setattr(apart, "RESTS", 0.01)
    setter = apart._Setter()
    await asyncio.to_thread(setter.printed, pickle.dumps(RECEIPT))
    while setter._child:
        await asyncio.sleep(0.01)

    monkeypatch.setattr(apart, "LONGEST", 0.01)  # shorter than any paper takes
    with pytest.raises(NotPrinted):
        await asyncio.to_thread(setter.printed, pickle.dumps(RECEIPT))
    assert setter._child is None
