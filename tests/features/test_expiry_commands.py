"""What is destroyed and what is kept, from the command line: every answer is a Japanese sentence."""

import base64
import contextlib
import os
import re
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from bot import messages
from bot.domain.casework import Contact
from bot.domain.consultation import Consultation, Status
from bot.domain.staff import THE_CLOCK
from bot.store import backups, dump, sealed_file
from bot.store.database import open_database
from tests.databases import MASTER_KEY

ROOT = Path(__file__).parents[2]
ENDED = datetime(2018, 5, 1, tzinfo=UTC)  # due, whatever year the tests run in


def command(place: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    ours = {name for name in os.environ if name.startswith(("YORISOI_", "SLACK_"))}
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    environment |= {
        "PYTHONPATH": str(ROOT),
        "YORISOI_DATABASE": f"sqlite:///{place / 'desk.db'}",
        "YORISOI_MASTER_KEY": base64.b64encode(MASTER_KEY).decode(),
        **settings,
    }
    done = subprocess.run(
        [sys.executable, "-m", "bot", *words], cwd=place, env=environment, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done


def today() -> str:
    return datetime.now(ZoneInfo("Asia/Tokyo")).date().isoformat()


async def given_due(place: Path, *numbers: str) -> None:
    url = f"sqlite:///{place / 'desk.db'}"
    async with (
        open_database(url, master_key=MASTER_KEY, clock=lambda: ENDED) as db,
        db.transaction(THE_CLOCK) as tx,
    ):
        for number in numbers:
            c = Consultation(
                id=f"c{number}", number=number, fiscal_year=2018, status=Status.CLOSED, route="phone",
                contacted_at=ENDED, received_at=ENDED, promised_at=ENDED, urgency="u3", ended_at=ENDED,
            )  # fmt: skip
            await tx.consultations.add(c)
            await tx.contacts.put(c.id, Contact(phone="090-1234-5678"))


async def test_looking_first_holding_back_and_destroying_with_a_certificate(tmp_path):
    await given_due(tmp_path, "H30-0001", "H30-0002")

    looked = command(tmp_path, "expire", "--dry-run")
    held = command(tmp_path, "hold", "h30-0002", "--reason", "dispute")
    looked_again = command(tmp_path, "expire", "--dry-run")
    unasked = command(tmp_path, "expire")
    wrong = command(tmp_path, "expire", "--today", "2031-04-01")
    done = command(tmp_path, "expire", "--certificate", "paper.pdf", "--today", today())
    again = command(tmp_path, "expire", "--today", today())
    lifted = command(tmp_path, "hold", "Ｈ３０－０００２", "--lift")
    lifted_twice = command(tmp_path, "hold", "H30-0002", "--lift")
    last = command(tmp_path, "expire", "--today", today())

    assert "相談の文と連絡先：期限が過ぎたもの 2件（いちばん古いものは " in looked.stdout
    assert held.stdout == "h30-0002 は、保存の期間が過ぎても廃棄しません。\n"
    assert "期限が過ぎたもの 1件" in looked_again.stdout
    assert "止めてあるもの 1件" in looked_again.stdout
    assert (unasked.returncode, wrong.returncode) == (2, 2)
    assert "--today 2031-04-01 のようにそえてください" in unasked.stderr
    assert "時計と違います" in wrong.stderr
    assert "相談の文と連絡先：1件を廃棄しました。" in done.stdout
    told = "".join(PdfReader(BytesIO((tmp_path / "paper.pdf").read_bytes())).pages[0].extract_text().split())
    assert "廃棄証明書" in told
    assert "人の操作" in told
    assert "期限が過ぎたものは、ありません。" in again.stdout
    assert "対象に戻しました" in lifted.stdout
    assert "止めてありません" in lifted_twice.stdout
    assert "1件を廃棄しました" in last.stdout
    checked = command(tmp_path, "check")
    assert checked.returncode == 0
    [head] = re.findall(r"廃棄の台帳の最後.*：(\S+)$", checked.stdout, re.MULTILINE)
    assert head.startswith("2:")
    assert command(tmp_path, "check", "--ledger-head", head).returncode == 0
    for wrong, told in (
        (f"3:{head[2:]}", "廃棄の台帳（3番）"),
        ("2:x", "廃棄の台帳（2番）"),
        ("x", "「番号:文字の並び」"),
    ):
        refused = command(tmp_path, "check", "--ledger-head", wrong)
        assert refused.returncode == 2
        assert told in refused.stderr


async def test_a_backup_comes_back_in_another_place(tmp_path):
    await given_due(tmp_path, "H30-0001")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    made = command(tmp_path, "backup")
    [path] = (tmp_path / "backups").glob("*.backup")
    back = command(elsewhere, "restore", str(path))
    twice = command(elsewhere, "restore", str(path))

    assert (made.returncode, made.stderr) == (0, "")
    assert re.search(r"控えを作りました：.*\.backup（相談 1件）", made.stdout)
    assert back.stdout.splitlines() == [
        "控えから戻しました。",
        "期限が過ぎたものが 1件あります。止めるものがあれば、先に hold してください。次の点検で廃棄します。",
    ]
    assert twice.returncode == 2
    assert twice.stderr == "戻す先に、もう記録があります。空のところへ戻してください。\n"
    assert command(elsewhere, "check").returncode == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("hold", "R9-9999", "--reason", "audit"), "受付番号 R9-9999 の相談は見つかりません。"),
        (("hold", "H30-0001"), "止める理由を、次から選んでください：abuse（"),
        (("hold",), "受付番号をそえてください"),
        (("expire", "--since", "きのう"), "日は 2031-04-01 のように"),
        (("expire", "--since", "2020-01-01"), "--certificate と一緒に"),
        (("expire", "--since", "2999-01-01", "--certificate", "x.pdf"), "きょうまでの日に"),
        (("expire", "--today", "きょう"), "日は 2031-04-01 のように"),
        (("expire", "--today", "2031-04-01", "--certificate", "no/x.pdf"), "まだ何も廃棄していません"),
        (("restore", "nowhere.backup"), "控えのファイルがありません"),
        (("restore", "desk.db"), "よりそいの控えではありません"),
    ],
)
async def test_what_cannot_be_done_is_one_sentence(tmp_path, words, told):
    await given_due(tmp_path, "H30-0001")

    done = command(tmp_path, *words)

    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("words", [("expire", "--dry-run"), ("expire",), ("hold", "R8-0001", "--lift")])
def test_where_there_is_nothing_nothing_is_made(tmp_path, words):
    done = command(tmp_path, *words)

    assert (done.returncode, done.stderr) == (
        2, "記録が、まだありません。置き場所（YORISOI_DATABASE）をたしかめてください。\n",
    )  # fmt: skip
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def full(tmp_path):
    """A disk without room. Only root can mount one."""
    place = tmp_path / "full"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "none", place], capture_output=True, check=False
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip("needs a disk of its own")
    yield place
    subprocess.run(["umount", "-l", place], check=False)


async def test_on_a_full_disk_every_answer_is_a_sentence(tmp_path, full):
    await given_due(tmp_path, "H30-0001")
    command(tmp_path, "backup")
    [path] = (tmp_path / "backups").glob("*.backup")

    made = command(tmp_path, "backup", YORISOI_BACKUPS=str(full))
    back = command(full, "restore", str(path))

    assert (made.returncode, back.returncode) == (2, 2)
    assert "ここには書けません" in made.stderr
    assert "何も戻していません" in back.stderr
    assert [each.name for each in full.iterdir() if not each.name.endswith(".lock")] == []


async def test_a_place_that_cannot_be_written_is_a_sentence_and_what_is_due_goes_all_the_same(tmp_path, full):
    await given_due(tmp_path, "H30-0001")
    command(tmp_path, "backup", YORISOI_BACKUPS=str(tmp_path / "b"))
    [path] = (tmp_path / "b").glob("*.backup")
    subprocess.run(["mount", "-o", "remount,size=9m", full], check=True)
    for each in (path, path.parent / "destroyed.log"):
        (full / each.name).write_bytes(each.read_bytes())
    subprocess.run(["mount", "-o", "remount,ro", full], check=True)
    (tmp_path / "n").mkdir()

    made = command(tmp_path, "backup", YORISOI_BACKUPS=str(full))
    back = command(tmp_path / "n", "restore", str(full / path.name))
    gone = command(tmp_path, "expire", "--today", today(), YORISOI_BACKUPS=str(full))

    assert "ここには書けません" in made.stderr
    assert "控えから戻しました" in back.stdout  # a backup on a disk that cannot be written is as good as any
    assert "1件を廃棄しました" in gone.stdout


async def test_a_database_that_is_broken_or_busy_is_a_sentence(tmp_path):
    await given_due(tmp_path, *[f"H30-{n:04d}" for n in range(1, 40)])
    path = tmp_path / "desk.db"
    with contextlib.closing(sqlite3.connect(path)) as busy:
        busy.execute("BEGIN IMMEDIATE")
        told = command(tmp_path, "expire", "--today", today())
    raw = path.read_bytes()
    path.write_bytes(raw[: len(raw) // 2])
    broken = command(tmp_path, "backup")

    assert told.returncode == 2
    assert "記録がこわれていて" in broken.stderr
    assert list((tmp_path / "backups").iterdir()) == []


async def test_a_backup_of_another_key_or_of_nothing_is_one_sentence(tmp_path):
    other = base64.b64encode(bytes(32)).decode()
    assert "控えをとる記録が、まだありません" in command(tmp_path, "backup").stderr
    await given_due(tmp_path, "H30-0001")

    assert "鍵が、この控えのものと違います" in command(tmp_path, "backup", YORISOI_MASTER_KEY=other).stderr
    nowhere = command(tmp_path, "backup", YORISOI_DATABASE="postgresql://nobody@127.0.0.1:1/none")
    assert "YORISOI_BACKUPS に書いてください" in nowhere.stderr
    unreachable = command(
        tmp_path, "backup", YORISOI_DATABASE="postgresql://nobody@127.0.0.1:1/none", YORISOI_BACKUPS="b"
    )
    assert "つながりません" in unreachable.stderr


def test_every_reason_a_backup_is_refused_for_has_its_sentence():
    sources = "".join(Path(str(module.__file__)).read_text() for module in (backups, dump, sealed_file))
    reasons = set(re.findall(r'BackupRefused\(\s*"(\w+)"', sources))
    words = messages.form_words("cli")

    assert {"wrong_key", "damaged", "not_blank", "newer_schema", "too_old"} <= reasons
    for why in reasons | {"schema_ahead", "database_unreachable", "schema_differs", "half_restored"}:
        assert words[f"backup_{why}"].endswith("。") or "：" in words[f"backup_{why}"]
