"""Logs: structured lines with ids only. What libraries would tell at DEBUG is never let through."""

import logging
import sys

import structlog

# These tell payloads, parameters or tokens below WARNING.
TALKATIVE = (
    "slack_sdk", "slack_bolt", "aiosqlite", "psycopg", "psycopg.pool", "aiohttp", "asyncio", "apscheduler",
    "fpdf", "fontTools", "urllib3", "slack_bolt.app",
)  # fmt: skip


def set_up(level: str) -> None:
    """Write lines of one JSON object each to standard error, from `level` on."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(renderer)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def where(error: BaseException) -> str:
    """Give file and line of an error: safe to log, while its text may repeat what somebody wrote."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "?" if trace is None else f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
