"""The command that reads texts and writes them without people: order, lines it cannot read, line by line, to the end."""

import contextlib
import json
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "bot", "anonymize"]
PATIENCE = 30


@pytest.fixture
def running() -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen(
        COMMAND, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    yield child
    child.kill()
    child.wait()
    for stream in (child.stdin, child.stdout, child.stderr):
        with contextlib.suppress(BrokenPipeError):
            stream.close()


def asked(*lines: str | bytes) -> subprocess.CompletedProcess[bytes]:
    sent = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
    return subprocess.run(COMMAND, cwd=ROOT, input=sent, capture_output=True, timeout=PATIENCE, check=False)


def answers(told: subprocess.CompletedProcess[bytes]) -> list[dict]:
    return [json.loads(line) for line in told.stdout.splitlines()]


def test_texts_come_back_in_order_with_what_was_found():
    told = asked(
        json.dumps({"id": "b", "text": "中川さん（82歳）、11/3に来所", "known": ["中川ヨシ江"]}),
        json.dumps({"id": 7, "text": "きょうは晴れ"}),
    )

    first, second = answers(told)
    assert (told.returncode, told.stderr) == (0, b"")
    assert (first["id"], first["masked"]) == ("b", "Aさん（80代）、秋ごろに来所")
    assert [(each["start"], each["end"], each["label"]) for each in first["spans"]] == [
        (0, 2, "PERSON"), (5, 8, "AGE"), (10, 14, "DATE"),
    ]  # fmt: skip
    assert all(0 < each["score"] <= 1 for each in first["spans"])
    assert second == {
        "id": 7,
        "spans": [],
        "masked": "きょうは晴れ",
        "refused": False,
        "hints": second["hints"],
    }


def test_a_line_that_cannot_be_read_is_named_by_its_number_and_the_others_go_on():
    told = asked(
        '{"id": 1, "text": "中川さん"}',
        "中川さんのひみつ",
        '{"id": 3, "text": 5}',
        b'{"id": 4, "text": "\xff"}',
        '["中川"]',
        '{"id": 6, "text": "森川さん", "known": "森川"}',
        '{"id": 7, "text": "森川さん"}',
    )

    seen = answers(told)
    assert told.returncode == 2
    assert [each["id"] for each in seen] == [1, None, 3, None, None, 6, 7]
    assert ["error" in each for each in seen] == [False, True, True, True, True, True, False]
    said = told.stderr.decode()
    assert [line.split("行目")[0] for line in said.splitlines()] == ["2", "3", "4", "5", "6"]
    assert "中川" not in said + "".join(each.get("error", "") for each in seen)


def test_what_is_asked_for_beyond_the_text_is_heeded():
    text = "中川さんと森川さん、12/4に大津市で"
    asked_for = {
        "text": text,
        "keep": ["森川"],
        "dates": False,
        "taken": ["A"],
        "known": [{"surface": "中川", "token": "C"}],
    }

    [plain] = answers(asked(json.dumps(asked_for)))

    assert plain["masked"] == "Cさんと森川さん、12/4にB市で"
    assert plain["id"] is None


def test_half_a_character_is_answered_too():
    [told] = answers(asked('{"id": 1, "text": "\\ud800中川さん"}'))
    assert told["masked"] == "\ud800Aさん"


def test_every_line_is_answered_before_the_next_is_sent(running):
    for number in range(3):
        running.stdin.write(json.dumps({"id": number, "text": "中川さん"}).encode() + b"\n")
        running.stdin.flush()
        ready, _, _ = select.select([running.stdout], [], [], PATIENCE)
        assert ready
        assert json.loads(running.stdout.readline())["id"] == number

    running.send_signal(signal.SIGINT)
    running.stdin.write(b'{"id": "after", "text": ""}\n')
    running.stdin.flush()
    assert json.loads(running.stdout.readline())["id"] == "after"
    running.stdin.close()
    assert running.wait(PATIENCE) == 0


def test_nobody_listening_is_no_reason_to_complain(running):
    running.stdout.close()

    with contextlib.suppress(BrokenPipeError):
        running.stdin.write(b'{"id": 1, "text": "a"}\n' * 50)
        running.stdin.close()

    assert running.wait(PATIENCE) == 0
    assert running.stderr.read() == b""
