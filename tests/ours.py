"""The programs the house answers for: all but the practice workspace."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
OURS = [
    *(ROOT / "handlers").glob("*.py"),
    *(ROOT / "schedules").glob("*.py"),
    *(path for path in (ROOT / "bot").rglob("*.py") if "practice" not in path.parts),
]
