"""One trial: workers sweep and send while waits fall due; some are killed; then everything is counted."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from tests.sink import Sink, running

WORKERS = 3
PATIENCE = 600.0  # seconds until we give up


@dataclass
class Crew:
    """The workers; one that was killed is replaced."""

    folder: Path
    at_work: dict[subprocess.Popen[bytes], Path] = field(default_factory=dict)
    started: int = 0

    def fill(self) -> None:
        while len(self.at_work) < WORKERS:
            self.started += 1
            says = self.folder / f"worker-{self.started}"
            command = [sys.executable, "-m", "bench.faults.worker", str(says)]
            self.at_work[subprocess.Popen(command)] = says

    def kill_one(self, rng: random.Random) -> bool:
        """Kill one that has worked already; False where none has."""
        busy = [worker for worker, says in self.at_work.items() if says.exists()]
        if not busy:
            return False
        self._end(rng.choice(busy))
        return True

    def end(self) -> None:
        for worker in list(self.at_work):
            self._end(worker)

    def _end(self, worker: subprocess.Popen[bytes]) -> None:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        del self.at_work[worker]


def harass(crew: Crew, waits: int, kills: int) -> None:
    """As waits fall due, kill workers at random moments of their work."""
    from bench.faults import company
    from prm import clock

    rng, deadline = random.Random(7), time.monotonic() + PATIENCE
    for n in range(kills):
        crew.fill()
        share = range(waits * n // kills, waits * (n + 1) // kills)
        company.ask(share, clock.now(), over=timedelta(seconds=1))
        time.sleep(rng.uniform(0.2, 1.4))
        while not crew.kill_one(rng):
            time.sleep(0.1)
            if time.monotonic() > deadline:
                raise SystemExit(f"Nobody got to work in {PATIENCE:.0f} s: this machine is too slow.")


def settle() -> None:
    """What killed workers held under a lease is taken up when it has run out: ten minutes on."""
    from prm import clock, outbox, sweeper

    later = clock.now() + timedelta(minutes=10)
    with clock.fixed(later):
        while sum(sweeper.run(at=later).values()) + outbox.deliver(at=later):
            pass


@dataclass(frozen=True)
class Count:
    what: str
    expected: int
    lost: int
    twice: int


def tally(what: str, expected: Iterable[str], found: Iterable[str]) -> Count:
    counted, wanted = Counter(found), list(expected)
    lost = sum(counted[each] == 0 for each in wanted)
    return Count(what, len(wanted), lost, sum(max(0, n - 1) for n in counted.values()))


def count(waits: int, sink: Sink) -> list[Count]:
    """What was recorded and what arrived, by the number in each wait's subject."""
    from conversations.models import Wait
    from partners.models import Event
    from team.models import Notice

    names = {wait.pk: wait.conversation.subject for wait in Wait.objects.select_related("conversation")}
    wanted = [f"[{n:05}]" for n in range(waits)]
    late = Wait.objects.filter(state="late").values_list("pk", flat=True)
    events = Event.objects.filter(kind="wait_breached").values_list("about_id", flat=True)
    given = Notice.objects.filter(kind="wait_breached").values_list("cause_id", flat=True)
    mailed = {
        (name, mail["Message-ID"]) for mail in sink.mails for name in re.findall(r"\[\d{5}\]", str(mail))
    }
    return [
        tally("waits that are late", wanted, (names[pk] for pk in late)),
        tally("breaches recorded", wanted, (names[pk] for pk in events if pk)),
        tally("notices given", wanted, (names[pk] for pk in given)),
        tally("notices delivered", wanted, (name for name, _ in mailed)),
    ]


def report(vendor: str, counts: list[Count], sink: Sink, kills: int, seconds: float) -> None:
    again = len(sink.mails) - len(set(sink.message_ids))
    print(f"{vendor}: {counts[0].expected} waits, {kills} workers killed, {seconds:.0f} s")
    print(f"  {'':22}{'expected':>10}{'lost':>8}{'twice':>8}")
    for each in counts:
        print(f"  {each.what:22}{each.expected:>10}{each.lost:>8}{each.twice:>8}")
    print(
        f"  {len(set(sink.message_ids))} mails; {again} of them again under the same Message-ID\n", flush=True
    )


def main(waits: int, kills: int, folder: Path) -> int:
    with running() as sink:
        os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{sink.port}"
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        from bench.faults import company
        from prm import clock

        call_command("migrate", verbosity=0)
        company.found(clock.now())
        vendor = connection.vendor
        began, crew = time.monotonic(), Crew(folder)
        try:
            harass(crew, waits, kills)
        finally:
            crew.end()
        settle()
        counts = count(waits, sink)
        report(vendor, counts, sink, kills, time.monotonic() - began)
        sys.stdout.flush()
    return int(any(each.lost or each.twice for each in counts))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
