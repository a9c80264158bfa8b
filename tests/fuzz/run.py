"""Starts the real server on a fresh database of one engine, gives it content, and lets schemathesis ask it everything.

`schemathesis.toml` says what is asked and checked, `hooks.py` what must not be asked, `content.py` what there is to ask about. The report of a run stays in
`.cache/fuzz/<engine>`; the server's log beside it.

Everything is asked with an owner's access token. What a token may not do, a console session does in a second, shorter run.
"""

import json
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
EXAMPLES = int(os.environ.get("SIGNOFF_FUZZ_EXAMPLES", "60"))

# How schemathesis proves who it is; it leaves it out where it checks that nobody is let in.
AS_TOKEN = '[auth.openapi.key]\nbearer = "${SIGNOFF_FUZZ_TOKEN}"\n'
AS_SESSION = '[auth.openapi.session]\napi_key = "${SIGNOFF_FUZZ_SESSION}"\n'
FOR_SESSIONS = "^(changeMe|createToken|listTokens|revokeToken|listSessions|endSession)$"


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

            def say(*args: str) -> str:
                return subprocess.check_output([BINARY, *args], env=settings, cwd=folder, text=True).strip()

            tokens = [say("member", "token", "--email", "owner@localhost") for _ in range(4)]
            made = content.make(origin, tokens[0])
            session, made["own_session"] = log_in(origin, say("login-link").partition("#")[2])
            for name, values in made.items():
                lines = (f'"{value}"\n' for value in values)
                (report / f"{name}.dict").write_text("".join(lines))
            kept = " ".join(made["own_token"] + made["own_session"])
            secrets = {"SIGNOFF_FUZZ_TOKEN": tokens[0], "SIGNOFF_FUZZ_SESSION": session, "SIGNOFF_FUZZ_KEPT": kept}
            asked = ask(f"{engine}, with a token", origin, AS_TOKEN, secrets, report)
            only = ["--include-operation-id-regex", FOR_SESSIONS, "--header", "X-Signoff-Csrf: 1"]
            return ask(f"{engine}, with a session", origin, AS_SESSION, secrets, report, *only) or asked
        finally:
            if server.poll() is None:
                server.terminate()
                server.wait(timeout=60)
            else:
                print(f"the server ended by itself with {server.returncode}", file=sys.stderr)


def log_in(origin: str, link: str) -> tuple[str, list[str]]:
    """Opens a console session by a login link; answers its secret and its id."""
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{origin}/v1/login/link", json.dumps({"token": link}).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        secret = answer.headers["Set-Cookie"].partition("=")[2].partition(";")[0]
    request = urllib.request.Request(f"{origin}/v1/session", headers={"Cookie": f"signoff={secret}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return secret, [known["id"] for known in json.loads(answer.read()) if known["current"]]


def ask(name: str, origin: str, proof: str, secrets: dict[str, str], report: pathlib.Path, *only: str) -> int:
    """Runs schemathesis; answers its exit code."""
    settings = os.environ | secrets | {"SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(HERE)}
    # Dictionaries are looked up beside the configuration.
    (report / "schemathesis.toml").write_text((HERE / "schemathesis.toml").read_text() + proof)
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", report / "schemathesis.toml", "run", ROOT / "openapi.json"]
    command += ["--url", f"{origin}/v1", "--seed", os.environ.get("SIGNOFF_FUZZ_SEED", "1"), "--max-examples", str(EXAMPLES)]
    command += ["--report", "ndjson", "--report-ndjson-path", report / f"{name.split()[-1]}.ndjson", *only]
    started = time.monotonic()
    print(f"== {name}", flush=True)
    done = subprocess.run(command, env=settings, cwd=report)
    print(f"== {name}: {time.monotonic() - started:.0f} s", flush=True)
    return done.returncode


if __name__ == "__main__":
    sys.exit(fuzz(sys.argv[1]))
