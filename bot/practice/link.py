"""Socket Mode: tickets, connections, envelopes, acks, redelivery."""

import asyncio
import itertools
import json
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from aiohttp import WSMsgType, web

from bot.practice.clock import Agenda
from bot.practice.faults import Fault, Faults
from bot.practice.traffic import Traffic
from bot.practice.watch import Watch
from bot.practice.world import APP

MOST_CONNECTIONS = 10
CLOSING = 1.0  # seconds the other side may take to say goodbye
CLOSE_AFTER_REFRESH = 1.0  # seconds a connection lives on after it was asked to refresh


@dataclass(frozen=True)
class Answer:
    """What the bot answered to one delivery, and how long that took (milliseconds)."""

    acked: bool
    ms: float = 0.0
    payload: Any = None


@dataclass(eq=False)
class Connection:
    """One live socket of the bot."""

    number: int
    socket: web.WebSocketResponse
    gone: asyncio.Future[None]
    leaving: bool = False
    sent: int = 0

    def usable(self) -> bool:
        """Whether a new envelope may go here."""
        return not self.leaving and not self.socket.closed

    async def send(self, text: str) -> bool:
        """Send, and say whether the socket took it."""
        try:
            await self.socket.send_str(text)
        except (ConnectionError, RuntimeError):
            return False
        self.sent += 1
        return True

    def cut(self, request: web.Request) -> None:
        """Break the line without a word."""
        if request.transport is not None:
            request.transport.abort()


@dataclass(eq=False)
class Delivery:
    """An event on its way: acked once, however many attempts it took."""

    name: str
    acked: asyncio.Future[Any]
    ids: list[str] = field(default_factory=list)


class Link:
    """All connections of the bot, and everything sent over them."""

    def __init__(self, agenda: Agenda, faults: Faults, traffic: Traffic, watch: Watch) -> None:
        self.patience = 3.0  # seconds an ack may take
        self.redelivery: tuple[float, ...] = (
            0.0,
            60.0,
            300.0,
        )  # seconds of the clock before each new attempt
        self.connections: list[Connection] = []
        self.lost_events = 0
        self._requests: dict[Connection, web.Request] = {}
        self._agenda, self._faults, self._traffic, self._watch = agenda, faults, traffic, watch
        self._tickets: set[str] = set()
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._turn = itertools.count()
        self._numbers = itertools.count(1)
        self._errands: set[asyncio.Task[Any]] = set()
        self._connected = asyncio.Event()
        faults.on_add = self._at_once

    # Connections

    def new_ticket(self) -> str:
        """A ticket for one handshake."""
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One socket, from handshake to goodbye. A ticket is spent by any attempt to use it."""
        ticket = request.query.get("ticket", "")
        known = ticket in self._tickets
        self._tickets.discard(ticket)
        if not known or self._faults.on_socket("refuse_handshake"):
            return web.Response(status=403 if not known else 503, text="handshake refused")
        socket = web.WebSocketResponse(timeout=CLOSING, compress=False, heartbeat=30)
        await socket.prepare(request)
        connection = Connection(next(self._numbers), socket, asyncio.get_running_loop().create_future())
        if len(self.connections) >= MOST_CONNECTIONS:
            await connection.send(_disconnect("too_many_websockets"))
            await socket.close()
            return socket
        await self._keep(connection, request)
        return socket

    async def _keep(self, connection: Connection, request: web.Request) -> None:
        self.connections.append(connection)
        self._requests[connection] = request
        await connection.send(_hello(len(self.connections), connection.number))
        self._connected.set()
        self._traffic.note("bot→slack", "socket", "hello", "open", 0.0, {"connection": connection.number})
        self._watch.changed("state")
        try:
            async for message in connection.socket:
                if message.type is WSMsgType.TEXT:
                    self._heard(message.data)
        finally:
            self._forget(connection)

    def _forget(self, connection: Connection) -> None:
        self.connections.remove(connection)
        del self._requests[connection]
        if not connection.gone.done():
            connection.gone.set_result(None)
        if not self.connections:
            self._connected.clear()
        self._traffic.note("bot→slack", "socket", "close", "closed", 0.0, {"connection": connection.number})
        self._watch.changed("state")

    def _heard(self, text: str) -> None:
        try:
            heard = json.loads(text)
        except ValueError:
            return
        future = self._waiting.get(heard.get("envelope_id", ""))
        if future is None or future.done() or self._faults.on_socket("lose_ack"):
            return
        future.set_result(heard.get("payload"))

    def _next(self, not_this: Connection | None = None) -> Connection | None:
        usable = [c for c in self.connections if c.usable()]
        others = [c for c in usable if c is not not_this] or usable
        return others[next(self._turn) % len(others)] if others else None

    # Faults that act at once, and leaving

    def _at_once(self, fault: Fault) -> bool:
        if fault.chance < 1.0 or fault.what not in ("close", "disconnect"):
            return False
        chosen = self.connections[: fault.times]
        for connection in chosen:
            self._strike(connection, fault)
        return True

    def _strike(self, connection: Connection, fault: Fault) -> None:
        if fault.what == "close":
            connection.leaving = True
            connection.cut(self._requests[connection])
        else:
            self._errand(self._ask_to_leave(connection, fault.reason))

    async def _ask_to_leave(self, connection: Connection, reason: str) -> None:
        await connection.send(_disconnect(reason))
        if reason == "warning":
            return
        connection.leaving = True
        await asyncio.sleep(CLOSE_AFTER_REFRESH)
        await connection.socket.close()

    async def close(self) -> None:
        """Cancel what is on its way and let every connection go."""
        for task in list(self._errands):
            task.cancel()
        await asyncio.gather(*self._errands, return_exceptions=True)
        closing = [connection.socket.close() for connection in list(self.connections)]
        await asyncio.gather(*closing, return_exceptions=True)

    def _errand(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    # Asking: interactive payloads and commands

    async def ask(
        self, kind: str, name: str, payload: dict[str, Any], *, reads_answer: bool = False
    ) -> Answer:
        """Send once, wait for the ack as long as Slack would."""
        started = time.perf_counter()
        connection = self._next()
        envelope_id = secrets.token_hex(16)
        envelope = {
            "envelope_id": envelope_id,
            "payload": payload,
            "type": kind,
            "accepts_response_payload": reads_answer,
        }
        text = json.dumps(envelope, ensure_ascii=False)
        if connection is None:
            self._traffic.note("slack→bot", kind, name, "nobody", 0.0, text)
            return Answer(acked=False)
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = future
        try:
            await self._post(connection, text)
            async with asyncio.timeout(self.patience):
                answer = await future
        except TimeoutError:
            ms = (time.perf_counter() - started) * 1000
            self._traffic.note("slack→bot", kind, name, "late", ms, text)
            return Answer(acked=False, ms=ms)
        finally:
            del self._waiting[envelope_id]
        ms = (time.perf_counter() - started) * 1000
        self._traffic.note("slack→bot", kind, name, "acked", ms, text, answer)
        return Answer(acked=True, ms=ms, payload=answer if reads_answer else None)

    async def _post(self, connection: Connection, text: str) -> bool:
        if late := self._faults.on_socket("late"):
            self._errand(self._post_late(text, late.seconds))
            return True
        sent = await connection.send(text)
        if self._faults.on_socket("duplicate") and (second := self._next(connection)):
            await second.send(text)
        for what in ("close", "disconnect"):
            fault = self._faults.on_socket(what)
            if fault and connection in self._requests:
                self._strike(connection, fault)
        return sent

    async def _post_late(self, text: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        connection = self._next()
        if connection is not None:
            await connection.send(text)

    # Telling: events

    def tell(self, payload: dict[str, Any]) -> asyncio.Future[Answer]:
        """Deliver an event, again and again if need be. The result is that of the first attempt."""
        first: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._errand(self._deliver(payload, first))
        return first

    async def _deliver(self, payload: dict[str, Any], first: asyncio.Future[Answer]) -> None:
        delivery = Delivery(payload["event"]["type"], asyncio.get_running_loop().create_future())
        connection: Connection | None = None
        sent = self._agenda.clock.now()
        try:
            for attempt, pause in enumerate((0.0, *self.redelivery)):
                await self._agenda.wait(sent + timedelta(seconds=pause))
                sent = self._agenda.clock.now()
                connection, answer = await self._attempt(delivery, payload, attempt, connection)
                if not first.done():
                    first.set_result(answer)
                if answer.acked:
                    return
            self.lost_events += 1
        finally:
            if not first.done():
                first.set_result(Answer(acked=False))
            for envelope_id in delivery.ids:
                self._waiting.pop(envelope_id, None)

    async def _attempt(
        self, delivery: Delivery, payload: dict[str, Any], attempt: int, before: Connection | None
    ) -> tuple[Connection | None, Answer]:
        started = time.perf_counter()
        connection = self._next(before)
        if connection is None and attempt:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._connected.wait(), self.patience)
            connection = self._next(before)
        text = _event_envelope(payload, attempt, envelope_id := secrets.token_hex(16))
        if connection is None:
            self._traffic.note("slack→bot", "events_api", delivery.name, "nobody", 0.0, text)
            return before, Answer(acked=False)
        delivery.ids.append(envelope_id)
        self._waiting[envelope_id] = delivery.acked
        await self._post(connection, text)
        await asyncio.wait(
            {delivery.acked, connection.gone}, timeout=self.patience, return_when="FIRST_COMPLETED"
        )
        ms = (time.perf_counter() - started) * 1000
        acked = delivery.acked.done()
        status = "acked" if acked else "late"
        self._traffic.note("slack→bot", "events_api", delivery.name, status, ms, text)
        return connection, Answer(acked=acked, ms=ms)


def _event_envelope(payload: dict[str, Any], attempt: int, envelope_id: str) -> str:
    envelope = {
        "envelope_id": envelope_id,
        "payload": payload,
        "type": "events_api",
        "accepts_response_payload": False,
        "retry_attempt": attempt,
        "retry_reason": "timeout" if attempt else "",
    }
    return json.dumps(envelope, ensure_ascii=False)


def _hello(count: int, number: int) -> str:
    return json.dumps(
        {
            "type": "hello",
            "num_connections": count,
            "debug_info": {
                "host": f"practice-{number}",
                "build_number": 1,
                "approximate_connection_time": 18060,
            },
            "connection_info": {"app_id": APP},
        }
    )


def _disconnect(reason: str) -> str:
    return json.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": "practice"}})
