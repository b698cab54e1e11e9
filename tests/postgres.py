"""A PostgreSQL server of our own, on loopback: started for the tests and by `.ci/run`, gone afterwards.

As a command it starts one, runs what it is given with SPARROW_LITE_TEST_POSTGRES set, and stops it:
`python tests/postgres.py make test`.
"""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "SPARROW_LITE_TEST_POSTGRES"
_SETTINGS = {"listen_addresses": "127.0.0.1", "max_connections": "200", "shared_buffers": "64MB"}


def server_binaries() -> Path | None:
    """Return the folder of the newest PostgreSQL server's binaries; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@contextmanager
def running_server(binaries: Path) -> Iterator[str]:
    """Start a server with an empty cluster, yield the URL of its superuser's database, and stop it."""
    # Not below pytest's folder: PostgreSQL refuses to run as root, and its own user must get there.
    folder = Path(tempfile.mkdtemp(prefix="sparrow-lite-postgres-"))
    user = _user()
    try:
        if user:
            shutil.chown(folder, user)
        password, port = secrets.token_urlsafe(12), _free_port()
        (folder / "password").write_text(password)
        cluster, log = str(folder / "cluster"), str(folder / "log")
        words = ["-D", cluster, "-U", "sparrow", "-E", "UTF8", "--locale=C.UTF-8", "-A", "scram-sha-256"]
        words += ["--wal-segsize=1", "--pwfile", str(folder / "password")]
        _run([str(binaries / "initdb"), *words], user)
        settings = {**_SETTINGS, "port": str(port), "unix_socket_directories": str(folder)}
        told = " ".join(f"-c {name}={value}" for name, value in settings.items())
        control = [str(binaries / "pg_ctl"), "-D", cluster, "-w", "-t", "60"]
        _run([*control, "-l", log, "-o", told, "start"], user)
        try:
            yield f"postgresql+psycopg://sparrow:{password}@127.0.0.1:{port}/postgres"
        finally:
            _run([*control, "-m", "immediate", "stop"], user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _user() -> str | None:
    return "postgres" if os.geteuid() == 0 else None


def _run(command: list[str], user: str | None) -> None:
    # The server inherits what it is started with: with pipes it would hold them open.
    done = subprocess.run(
        command,
        user=user,
        group=user,
        extra_groups=[] if user else None,
        cwd="/",
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed with {done.returncode}.")


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def main(command: list[str]) -> int:
    """Run the command beside a server; return its exit code."""
    binaries = server_binaries()
    if binaries is None:
        print("There is no PostgreSQL server: apt-get install postgresql", file=sys.stderr)
        return 1
    with running_server(binaries) as url:
        return subprocess.run(command, env={**os.environ, NAME: url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
