"""One trial, in a process of its own and with the shipped settings; its last line is what it found."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from pathlib import Path

from bench.faults.outcome import Outcome
from tests.sink import running


def perform(name: str, folder: Path, small: bool) -> Outcome:
    """Run the trial of this name; the environment names its database."""
    with running() as sink:
        os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{sink.port}"
        import django

        django.setup()
        from bench.faults.place import Place
        from bench.faults.servers import Cluster

        port = os.environ.get("FAULTS_CLUSTER_PORT")
        cluster = Cluster(Path(os.environ["FAULTS_CLUSTER"]), int(port)) if port else None
        return importlib.import_module(f"bench.faults.{name}").run(Place(folder, sink, cluster, small))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--small", action="store_true")
    asked = parser.parse_args()
    outcome = perform(asked.name, asked.folder, asked.small)
    print(outcome.as_json(), flush=True)
    sys.stdout.flush()
    os._exit(0)  # threads of the mail server need not be waited for
