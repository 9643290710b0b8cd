"""Reads docker-compose.yml as docker would, where docker is there. A step of `make lint`."""

import os
import shutil
import subprocess
import sys

if __name__ == "__main__":
    docker = shutil.which("docker")
    can = docker and subprocess.run([docker, "compose", "version"], capture_output=True).returncode == 0
    if not docker or not can:
        print("docker compose is not here: docker-compose.yml was not read.")
        sys.exit(0)
    env = {**os.environ, "SECRET_KEY": "x", "POSTGRES_PASSWORD": "x"}
    sys.exit(subprocess.run([docker, "compose", "config", "--quiet"], env=env).returncode)
