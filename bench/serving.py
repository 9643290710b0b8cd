"""Gunicorn as shipped, and pages asked of it in turn."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.pages import Page

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def served(settings: str) -> Iterator[int]:
    """Gunicorn as shipped, on a free port, with these settings."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [
        sys.executable,
        "-m",
        "gunicorn",
        "django.core.wsgi:get_wsgi_application()",
        "--bind",
        f"127.0.0.1:{port}",
    ]
    words += ["--config", "python:prm.gunicorn_conf", "--workers", "1"]
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": settings}
    server = subprocess.Popen(words, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(10)


def wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("gunicorn did not start")


def measure(pages: list[Page], headers: dict[str, str], rounds: int) -> None:
    lines = {page.port: http.client.HTTPConnection("127.0.0.1", page.port, timeout=30) for page in pages}
    for turn in range(rounds + 5):
        for page in pages:
            took = once(lines[page.port], page, headers)
            if turn >= 5:
                page.times.append(took)


def once(line: http.client.HTTPConnection, page: Page, headers: dict[str, str]) -> float:
    began = time.perf_counter()
    try:
        answer = asked_for(line, page, headers)
    except http.client.RemoteDisconnected:  # a slow round outlasted the server's patience with idle lines
        line.close()
        began = time.perf_counter()
        answer = asked_for(line, page, headers)
    took = (time.perf_counter() - began) * 1000
    if answer.status not in {200, 201}:
        raise SystemExit(f"{page.path} answered {answer.status}")
    return took


def asked_for(
    line: http.client.HTTPConnection, page: Page, headers: dict[str, str]
) -> http.client.HTTPResponse:
    """The answer, read to its end; a program sends no cookie, a browser no token."""
    sent = "Authorization" if page.is_api else "Cookie"
    carried = {sent: headers[sent], "Host": "127.0.0.1"}
    if page.sends:
        carried |= {"Content-Type": "application/json", "Idempotency-Key": f"bench {time.time_ns()}"}
        line.request("POST", page.path, json.dumps(page.sends()), carried)
    else:
        line.request("GET", page.path, headers=carried)
    answer = line.getresponse()
    answer.read()
    return answer
