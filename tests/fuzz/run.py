"""Starts the real server on a fresh database of one engine, gives it content, and lets schemathesis ask it everything.

`schemathesis.toml` says what is asked and checked, `hooks.py` what must not be asked, `content.py` what there is to ask about. The report of a run stays in
`.cache/fuzz/<engine>`; the server's log beside it.
"""

import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

import content

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
BINARY = (ROOT / os.environ["SIGNOFF_BIN"]).resolve()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def database(engine: str, folder: str) -> str:
    """A fresh database: a file, or a schema of its own."""
    if engine == "sqlite":
        return f"sqlite:{folder}/signoff.db"
    url = os.environ.get("SIGNOFF_TEST_POSTGRES_URL")
    url = url or subprocess.check_output([ROOT / "scripts/postgres", "start"], text=True).strip()
    schema = f"fuzz_{os.getpid()}"
    subprocess.run(["psql", "--quiet", "--dbname", url, "--command", f"CREATE SCHEMA {schema}"], check=True)
    return f"{url}{'&' if '?' in url else '?'}options=-c%20search_path%3D{schema}"


def wait_until_ready(server: subprocess.Popen, origin: str) -> None:
    for _ in range(300):
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{origin}/readyz", timeout=5)
            return
        except OSError:
            time.sleep(0.1)
    sys.exit("the server does not get ready")


def fuzz(engine: str) -> int:
    report = ROOT / ".cache/fuzz" / engine
    report.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, open(report / "server.log", "wb") as log:
        origin = f"http://127.0.0.1:{free_port()}"
        settings = os.environ | {"SIGNOFF_DATABASE_URL": database(engine, folder), "SIGNOFF_PUBLIC_URL": origin}
        listen = origin.removeprefix("http://")
        server = subprocess.Popen([BINARY, "serve", "--listen", listen], env=settings, cwd=folder, stdout=log, stderr=log)
        try:
            wait_until_ready(server, origin)
            command = [BINARY, "member", "token", "--email", "owner@localhost"]
            tokens = [subprocess.check_output(command, env=settings, cwd=folder, text=True).strip() for _ in range(4)]
            token = tokens[0]
            made = content.make(origin, token)
            for name, values in made.items():
                lines = (f'"{value}"\n' for value in values)
                (report / f"{name}.dict").write_text("".join(lines))
            return ask(engine, origin, token, made["own_token"][0], report)
        finally:
            if server.poll() is None:
                server.terminate()
                server.wait(timeout=60)
            else:
                print(f"the server ended by itself with {server.returncode}", file=sys.stderr)


def ask(engine: str, origin: str, token: str, token_id: str, report: pathlib.Path) -> int:
    """Runs schemathesis; answers its exit code."""
    settings = os.environ | {
        "SCHEMATHESIS_HOOKS": "hooks",
        "PYTHONPATH": str(HERE),
        "SIGNOFF_FUZZ_TOKEN": token,
        "SIGNOFF_FUZZ_TOKEN_ID": token_id,
    }
    # Dictionaries are looked up beside the configuration.
    (report / "schemathesis.toml").write_text((HERE / "schemathesis.toml").read_text())
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", report / "schemathesis.toml", "run", ROOT / "openapi.json"]
    command += ["--url", f"{origin}/v1", "--seed", os.environ.get("SIGNOFF_FUZZ_SEED", "1")]
    command += ["--max-examples", os.environ.get("SIGNOFF_FUZZ_EXAMPLES", "60")]
    command += ["--report", "ndjson", "--report-ndjson-path", report / "report.ndjson"]
    started = time.monotonic()
    print(f"== {engine}", flush=True)
    done = subprocess.run(command, env=settings, cwd=report)
    print(f"== {engine}: {time.monotonic() - started:.0f} s", flush=True)
    return done.returncode


if __name__ == "__main__":
    sys.exit(fuzz(sys.argv[1]))
