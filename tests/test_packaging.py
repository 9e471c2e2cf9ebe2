"""What a fresh machine gets: two lock files, a Makefile, a fixed top level, and nothing of the machine it was written on."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import distribution, metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUN_LOCK = (ROOT / "requirements.lock").read_text()
DEV_LOCK = (ROOT / "requirements-dev.lock").read_text()
RUN = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
DEV = [Requirement(line) for line in PROJECT["project"]["optional-dependencies"]["dev"]]
DEPENDENCIES = (ROOT / "docs" / "dependencies.md").read_text()

TOP_LEVEL = {
    *("bot", "handlers", "schedules", "templates", "tests", "docs", ".ci"),
    *(
        "pyproject.toml",
        "requirements.lock",
        "requirements-dev.lock",
        "Makefile",
        ".env.example",
        ".gitignore",
    ),
    *("README.md", "README.ja.md", "CHANGELOG.md", "LICENSE"),
}
RARE = (
    "psycopg",
    "xlsxwriter",
    "fpdf",
    "sudachipy",
)  # what a desk on SQLite does without until somebody asks for it
# In parts, so that this file does not hold what it looks for.
HOSTS = (
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("registry", "npmjs"),
    ("crates", "io"),
    ("proxy", "golang"),
)
REGISTRIES = [".".join(parts) for parts in HOSTS]
PLACES = (
    ("work", "main"),
    ("work", "shared"),
    ("root", ""),
    ("opt", "pypi"),
    ("opt", "wheels"),
    ("tmp", "spec"),
)
MACHINE = ["/" + "/".join(parts) for parts in PLACES]
MACHINE += [f"{place}/" for place in (ROOT, Path.home()) if len(place.parts) > 2]


def pinned(lock: str) -> dict[str, Requirement]:
    """Name → requirement, as a lock file pins it. A release may be pinned once more for another Python: the one meant here."""
    lines = [
        line.removesuffix("\\").strip()
        for line in lock.splitlines()
        if line and not line.startswith((" ", "#"))
    ]
    wanted = [Requirement(line) for line in lines]
    return {
        canonicalize_name(each.name): each for each in wanted if not each.marker or each.marker.evaluate()
    }


def version(requirement: Requirement) -> Version:
    (exact,) = requirement.specifier
    assert exact.operator == "=="
    return Version(exact.version)


def without_hash(lock: str) -> list[str]:
    """What a lock file pins without a hash, or not exactly."""
    entries = re.split(r"\n(?=\S)", lock.strip())
    return [
        entry.splitlines()[0]
        for entry in entries
        if not re.search(r"--hash=sha256:[0-9a-f]{64}", entry) or not re.match(r"[\w.-]+==[\w.]+", entry)
    ]


def unmet(lock: str, wanted: list[Requirement]) -> list[str]:
    """What a lock file lacks of what is wanted, extras included."""
    locked = pinned(lock)
    lacking = []
    for each in wanted:
        found = locked.get(canonicalize_name(each.name))
        if found is None or version(found) not in each.specifier:
            lacking.append(str(each))
    return lacking


def brought_along(names: dict[str, Requirement], extras: dict[str, set[str]]) -> list[Requirement]:
    """What the locked packages themselves want on this machine, as they say when installed."""
    wanted = []
    for name in names:
        for line in distribution(name).requires or []:
            each = Requirement(line)
            asked = [{"extra": extra} for extra in extras.get(name, {""})]
            if each.marker is None or any(each.marker.evaluate(case) for case in asked):
                wanted.append(each)
    return wanted


@pytest.mark.parametrize("lock", [RUN_LOCK, DEV_LOCK])
def test_a_lock_pins_everything_by_hash_and_names_no_address(lock: str):
    assert without_hash(lock) == []
    assert not re.search(r"://|--(extra-)?index-url|--find-links| @ ", lock)


def test_a_lock_line_without_a_hash_would_be_found():
    assert without_hash(RUN_LOCK + "\nsomething==1.0\n") == ["something==1.0"]
    assert without_hash(RUN_LOCK + "\nother>=1.0 \\\n    --hash=sha256:" + "0" * 64) == ["other>=1.0 \\"]


def test_the_locks_hold_what_the_project_asks_for():
    assert unmet(RUN_LOCK, RUN) == []
    assert unmet(DEV_LOCK, RUN + DEV) == []


def test_a_lock_that_lacks_something_would_be_found():
    assert unmet(RUN_LOCK, [Requirement("jinja2>=1000")]) == ["jinja2>=1000"]
    assert len(unmet(RUN_LOCK, DEV)) > 5


@pytest.mark.parametrize(("lock", "wanted"), [(RUN_LOCK, RUN), (DEV_LOCK, RUN + DEV)])
def test_a_lock_holds_all_that_its_packages_bring_along(lock: str, wanted: list[Requirement]):
    extras = {canonicalize_name(each.name): {"", *each.extras} for each in wanted}

    assert unmet(lock, brought_along(pinned(lock), extras)) == []


def test_people_and_tests_run_the_same_releases():
    run, dev = pinned(RUN_LOCK), pinned(DEV_LOCK)

    assert {name: version(dev[name]) for name in run} == {name: version(each) for name, each in run.items()}


def licence(name: str) -> str:
    """What a package says of its licence: the expression, else the short field, else the classifier."""
    told = metadata(name)
    if told.get("License-Expression"):
        return str(told["License-Expression"])
    classifiers = [
        line.rsplit(" :: ", 1)[1] for line in told.get_all("Classifier") or [] if line.startswith("License")
    ]
    short = (told.get("License") or "").strip()
    return short if short and "\n" not in short and len(short) < 20 else classifiers[-1]


@pytest.mark.parametrize("name", [each.name for each in RUN + DEV])
def test_every_direct_dependency_has_its_line_with_its_licence(name: str):
    rows = [line.split("|") for line in DEPENDENCIES.splitlines() if line.startswith("|")]
    (row,) = [row for row in rows if row[1].strip() == name]

    assert all(cell.strip() for cell in row[2:5])
    assert row[4].strip() in {licence(name), *licence_classifiers(name)}


def licence_classifiers(name: str) -> list[str]:
    return [
        line.rsplit(" :: ", 1)[1]
        for line in metadata(name).get_all("Classifier") or []
        if line.startswith("License")
    ]


def test_the_page_names_no_dependency_that_is_gone():
    named = set(re.findall(r"^\| ([a-z0-9_-]+) \|", DEPENDENCIES, re.MULTILINE))

    assert named == {each.name for each in RUN + DEV}


def files() -> list[Path]:
    """Every file that is in the repository or would be with the next commit."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("this is not a checkout: git does not know its files")
    listed = subprocess.run(
        [git, "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=True,
    ).stdout
    paths = [ROOT / os.fsdecode(name) for name in listed.split(b"\0") if name]
    return [path for path in paths if path.is_file()]


def told(content: bytes, needles: list[str]) -> list[str]:
    return [needle for needle in needles if needle.encode() in content]


def test_no_file_names_this_machine_or_a_registry():
    found = {str(path.relative_to(ROOT)): told(path.read_bytes(), MACHINE + REGISTRIES) for path in files()}

    assert {name: needles for name, needles in found.items() if needles} == {}


def test_such_a_name_would_be_found():
    assert told(f"see {ROOT}/bot".encode(), MACHINE)
    assert told(f"https://{REGISTRIES[0]}/simple".encode(), REGISTRIES) == [REGISTRIES[0]]


def test_the_top_level_is_the_fixed_one():
    found = {path.relative_to(ROOT).parts[0] for path in files()}

    assert found <= TOP_LEVEL
    assert {
        "bot",
        "handlers",
        "schedules",
        "templates",
        "tests",
        "pyproject.toml",
        "Makefile",
        "LICENSE",
    } <= found


def test_the_oldest_python_is_the_same_wherever_it_is_named():
    assert PROJECT["project"]["requires-python"] == ">=3.11"
    assert PROJECT["tool"]["ruff"]["target-version"] == "py311"
    assert PROJECT["tool"]["mypy"]["python_version"] == "3.11"
    assert "(3, 11)" in (ROOT / "Makefile").read_text()
    assert "--python-version 3.11" in (ROOT / "Makefile").read_text()


MAKE = shutil.which("make") or ""
needs_make = pytest.mark.skipif(not MAKE, reason="make is not installed")


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A checkout on a machine that has nothing but make; its programs are in `programs`."""
    for name in ("Makefile", "requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "programs").mkdir()
    touch = shutil.which("touch")
    assert touch is not None
    (tmp_path / "programs" / "touch").symlink_to(touch)
    return tmp_path


def program(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def make(place: Path, *goals: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [MAKE, "-C", str(place), *goals],
        env={"PATH": str(place / "programs"), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


@needs_make
def test_without_a_python_that_is_new_enough_make_says_so_in_a_sentence(fresh: Path):
    program(fresh / "programs" / "python3", "exit 1")

    ended = make(fresh, "run")

    assert ended.returncode != 0
    assert "Python 3.11 以上が見つかりませんでした。" in ended.stderr
    assert "Python 3.11 or newer was not found." in ended.stderr
    assert "Traceback" not in ended.stderr


@needs_make
def test_a_python_that_makes_no_virtual_environments_is_told_apart(fresh: Path):
    program(fresh / "programs" / "python3", 'case "$2" in *ensurepip*) exit 1;; esac')

    ended = make(fresh, "run")

    assert "python3 に venv(ensurepip)がありません。" in ended.stderr
    assert "Python 3.11 以上が見つかりませんでした。" not in ended.stderr


LISTENING = 'echo "$@" >> "$(dirname "$0")/../asked"'  # a Python that only notes what it is asked


@needs_make
def test_the_first_start_installs_by_hash_and_the_second_only_starts(fresh: Path):
    program(fresh / ".venv" / "bin" / "python", LISTENING.replace('$(dirname "$0")/..', str(fresh)))

    first = make(fresh, "run")
    asked = (fresh / "asked").read_text().splitlines()
    (fresh / "asked").unlink()
    second = make(fresh, "run")

    assert first.returncode == second.returncode == 0
    assert [line for line in asked if "--require-hashes --no-deps -r requirements.lock" in line] == asked[:1]
    assert asked[1:] == ["-m bot run"]
    assert (fresh / "asked").read_text().splitlines() == ["-m bot run"]
    assert second.stderr == ""


@needs_make
def test_a_lock_that_changed_is_installed_again(fresh: Path):
    program(fresh / ".venv" / "bin" / "python", LISTENING.replace('$(dirname "$0")/..', str(fresh)))
    make(fresh, "test")
    later = (fresh / ".venv" / ".ready-dev").stat().st_mtime + 5
    os.utime(fresh / "requirements-dev.lock", (later, later))
    (fresh / "asked").unlink()

    make(fresh, "test")

    assert "requirements-dev.lock" in (fresh / "asked").read_text().splitlines()[0]


@needs_make
def test_an_installation_that_fails_is_tried_again_next_time(fresh: Path):
    program(fresh / ".venv" / "bin" / "python", "exit 1")

    ended = make(fresh, "run")

    assert ended.returncode != 0
    assert "必要なものをそろえられませんでした。" in ended.stderr
    assert not (fresh / ".venv" / ".ready-run").exists()


@needs_make
def test_help_lists_every_goal():
    goals = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[0].split()

    said = subprocess.run(
        [MAKE, "-C", str(ROOT), "help"], capture_output=True, encoding="utf-8", check=True
    ).stdout

    assert {f"make {goal}" for goal in goals} <= {" ".join(line.split()[:2]) for line in said.splitlines()}


def test_the_check_of_a_fresh_clone_can_be_started():
    script = ROOT / ".ci" / "run"

    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", str(script)], check=True)
    assert script.read_text().splitlines()[-2:] == ["make lint", "make test"]


def loaded(*modules: str) -> set[str]:
    """Of what only some desks need: what a fresh Python holds once it has imported these."""
    program = f"import sys, {', '.join(modules)}; print(*{sorted(RARE)!r} & sys.modules.keys())"
    told = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(told.stdout.split())


def test_a_desk_on_sqlite_loads_no_driver_and_no_writer_of_papers_that_it_does_not_need():
    assert loaded("bot.run", "schedules") == set()
    assert loaded("bot.store.postgresql") == {"psycopg"}  # the control
