"""People in front of screens: a Chromium, a page of the practice workspace for each person, and pictures.

With `YORISOI_PICTURES=1` the pictures of docs/ are taken anew; otherwise they land beside the test's other files.
"""

import os
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from tests.desk import Desk

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic", "--no-first-run",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
WIDE = (1180, 780)
NARROW = (390, 844)
PATIENCE = 10_000  # milliseconds
COLOURS = 96
LARGEST = 150_000  # bytes of one picture
# Words with small letters are English, but for these names of things; short capitals are abbreviations people know, and
# what stands behind 合言葉 is drawn by lot.
NO_ENGLISH = re.compile(r"(?<![A-Za-z])(?:Slack|Enter|Shift|Ctrl|PCAGIP)(?![A-Za-z])|(?<=合言葉 )[2-9A-Z]{8}")
ENGLISH = re.compile(r"[A-Za-z]*[a-z][A-Za-z]+|[A-Z]{5,}")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: plays in a real Chromium")


def chromium() -> str | None:
    """Where a Chromium is: YORISOI_CHROMIUM, or the first one on the path."""
    named = os.environ.get("YORISOI_CHROMIUM")
    return named or next((found for name in BROWSERS if (found := shutil.which(name))), None)


@dataclass
class Screen:
    """One person's page. `troubles` gathers what the page complained of."""

    page: Page
    pictures: Path
    troubles: list[str] = field(default_factory=list)

    def find(self, testid: str) -> Locator:
        return self.page.get_by_test_id(testid)

    def button(self, action: str, where: str = "") -> Locator:
        """The newest button of this action, on the page or inside the first `where`."""
        inside = self.page.locator(where).first if where else self.page
        named = f'[data-testid="action-{action}"], [data-testid^="action-{action}#"]'
        return inside.locator(named).last

    @property
    def window(self) -> Locator:
        return self.find("modal")

    def answer(self, name: str) -> Locator:
        """The control of one answer, whatever round the form is in."""
        return self.window.locator(f'[data-testid^="input-{name}~"]')

    async def goes(self, place: str) -> None:
        await self.find(place).first.click()

    async def presses(self, action: str, where: str = "") -> None:
        await self.button(action, where).click()

    async def opens(self, action: str, title: str, where: str = "") -> None:
        """Press, and wait for the window it opens."""
        await self.presses(action, where)
        await self.sees_window(title)

    async def sees_window(self, title: str) -> None:
        await expect(self.window.locator(".window-title")).to_have_text(title)

    async def types(self, name: str, words: str) -> None:
        await self.answer(name).fill(words)

    async def picks(self, name: str, *labels: str) -> None:
        """Choose from a list that is searched by typing."""
        for label in labels:
            await self.answer(name).get_by_role("combobox").click()
            await self.answer(name).get_by_role("option", name=label).click()
        await self.page.keyboard.press("Escape")

    async def chooses(self, name: str, label: str) -> None:
        """Choose from a drop-down list."""
        await self.answer(name).select_option(label=label)

    async def ticks(self, name: str, *labels: str) -> None:
        for label in labels:
            await self.answer(name).get_by_label(label).check()

    async def sends(self) -> None:
        await self.find("modal-submit").click()

    async def closes(self) -> None:
        """Close the window, and any beneath it."""
        await self.find("modal-dismiss").click()
        await expect(self.window).to_have_count(0)

    async def sees(self, words: str, where: str = "body") -> None:
        await expect(self.page.locator(where).first).to_contain_text(words)

    async def sees_not(self, words: str, where: str = "body") -> None:
        await expect(self.page.locator(where).first).not_to_contain_text(words)

    async def is_japanese(self) -> None:
        """Look for English where there should be none."""
        assert english(await self.page.locator("#app").inner_text()) == []

    async def picture(self, name: str, *, of: Locator | None = None) -> None:
        """Take a picture, for docs/pictures when asked."""
        if of is not None:
            await of.scroll_into_view_if_needed()
        await self.page.evaluate("document.fonts.ready")
        await self.page.mouse.move(0, 0)
        await self.is_japanese()
        file = self.pictures / f"{name}.png"
        await self.page.screenshot(path=file, animations="disabled", caret="hide")
        with Image.open(file) as taken:
            small = taken.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(file, optimize=True)
        assert file.stat().st_size <= LARGEST


def english(seen: str) -> list[str]:
    """Give the Latin words somebody would have to read."""
    return ENGLISH.findall(NO_ENGLISH.sub("", seen))


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A Chromium of this test's own."""
    path = chromium()
    if path is None:
        pytest.skip(
            f"No Chromium was found ({', '.join(BROWSERS)}): install one, or name it in YORISOI_CHROMIUM."
        )
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield started
        await started.close()


Opens = Callable[..., Awaitable[Screen]]


@pytest.fixture
async def screen(browser: Browser, sqlite_desk: Desk, tmp_path: Path) -> AsyncIterator[Opens]:
    """Gives the act of opening a person's own page, by id and place; `query` opens two side by side."""
    pictures = PICTURES if os.environ.get("YORISOI_PICTURES") == "1" else tmp_path
    pictures.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE)
    opened: list[Screen] = []
    strangers: list[str] = []

    async def opens(
        person: str,
        place: str = "home",
        *,
        size: tuple[int, int] = WIDE,
        query: str = "",
        touch: bool = False,
    ) -> Screen:
        context = await browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="ja-JP",
            timezone_id="Asia/Tokyo",
            has_touch=touch,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        page = await context.new_page()
        one = Screen(page, pictures)
        page.on("pageerror", lambda error: one.troubles.append(str(error)))
        page.on(
            "request",
            lambda asked: _known(asked.url, sqlite_desk.workspace.url) or strangers.append(asked.url),
        )
        page.on(
            "console",
            lambda said: one.troubles.append(said.text) if said.type in {"error", "warning"} else None,
        )
        await page.goto(f"{sqlite_desk.workspace.url}/?{query or f'as={person}&channel={place}'}")
        await expect(page.get_by_test_id("bot-state")).to_have_text("よりそいは起きています")
        opened.append(one)
        return one

    yield opens
    for one in opened:
        await one.page.context.close()
    assert [trouble for one in opened for trouble in one.troubles] == []
    assert strangers == []


def _known(url: str, home: str) -> bool:
    return url.startswith((home, "data:", "blob:", "about:"))
