"""What must not be asked: nothing waits longer than the fuzzer does, and the token and the session that it uses itself stay. And what is asked in vain: most requests get an
Idempotency-Key of their own, because the fuzzer takes the same few again and again, and no submission gives two deadlines."""

import itertools
import os

import schemathesis

KEYS = itertools.count()
KEPT = os.environ["SIGNOFF_FUZZ_KEPT"].split()


@schemathesis.hook
def before_call(context, case, kwargs):
    path = case.operation.path
    query = case.query or {}
    if path.endswith("/wait") and str(query.get("timeout", 60)).isdigit() and 0 < int(query.get("timeout", 60)) <= 60:
        case.query = {**query, "timeout": 0}
    # From the start there is something to stream; what comes next may take its time.
    if path == "/event/stream" and "after" not in query:
        case.query = {**query, "after": -1}
    # What is no HTTP is refused below the API, without a problem.
    for held in (case.headers, case.cookies):
        for name in [name for name, value in (held or {}).items() if not str(value).isprintable() or not str(value).isascii()]:
            del held[name]
    key = (case.headers or {}).get("Idempotency-Key", "")
    number = next(KEYS)
    if key.isalnum() and key.isascii() and len(key) < 200 and number % 4:
        case.headers["Idempotency-Key"] = f"{key}-{number}"
    if isinstance(case.body, dict) and case.body.get("deadline") and isinstance(case.body.get("sla_minutes"), int) and number % 4:
        case.body = {name: value for name, value in case.body.items() if name != "sla_minutes"}
    own = (case.path_parameters or {}).get("id")
    if case.method.upper() == "DELETE" and own in KEPT:
        case.path_parameters = {**case.path_parameters, "id": own[:-1]}
