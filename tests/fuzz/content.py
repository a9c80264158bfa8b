"""What there is to ask about: queues of every type, tasks in every state, reviews, comments, a batch, people and keys."""

import json
import urllib.request

OPTIONS = [{"id": "billing", "label": "Billing"}, {"id": "spam", "label": "Spam", "color": "#cc0000", "hotkey": "s"}]
QUEUES = {
    "refund": {"review_type": "approval", "allow_edits": True},
    "ticket": {"review_type": "classification", "review_options": OPTIONS},
    "post": {"review_type": "labeling", "review_options": OPTIONS, "timing": "after"},
    "answer": {"review_type": "scoring", "feedback_required": "always"},
    "match": {"review_type": "multiple_choice"},
    "draft": {"review_type": "augmentation", "data_schema": {"type": "object"}},
}
CHOICES = [{"key": "a", "label": "A"}, {"key": "b", "label": "B", "data": {"score": 1}}]


def make(origin: str, token: str) -> dict[str, list[str]]:
    """Makes the content; answers the ids of each kind."""

    def send(method: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> dict:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"} | (headers or {})
        request = urllib.request.Request(f"{origin}/v1{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    tasks, reviews, queues = [], [], list(QUEUES)
    for key, parts in QUEUES.items():
        queues.append(send("POST", "/queue", {"key": key, "name": key.title(), "allow_own_review": True, **parts})["id"])
        for number in range(6):
            task = {"queue_key": key, "data": {"n": number}, "metadata": {"n": number}, "external_id": f"{key}-{number}"}
            if key == "match":
                task["choices"] = CHOICES
            tasks.append(send("POST", "/task", task)["id"])
    refunds = tasks[:6]
    for task in refunds[:2]:
        reviews.append(send("POST", f"/task/{task}/review", {"result": ["approved"]}, {"If-Match": '"1"'})["id"])
    send("POST", f"/task/{refunds[2]}/cancel", {"reason": "No longer needed"})
    lease = send("POST", f"/task/{refunds[3]}/claim", {})["lease"]["id"]
    send("POST", f"/task/{refunds[3]}/comment", {"body": "Looks **right**."})
    batch = send("POST", "/batch", {"queue_key": "refund", "tasks": [{"data": {}}, {"data": {}, "choices": CHOICES}]})
    keys = [send("POST", "/key", {"name": f"key {number}"})["id"] for number in range(3)]
    tokens = {known["id"]: token.startswith(known["prefix"]) for known in send("GET", "/token")}
    invitations = [send("POST", "/invitation", {"email": f"{n}@example.com", "role": "reviewer"})["id"] for n in range(3)]
    member = send("GET", "/me")["member"]["id"]
    return {
        "tasks": tasks,
        "reviews": reviews,
        "queues": queues,
        "queue_keys": list(QUEUES),
        "leases": [lease],
        "batches": [batch["id"]],
        "keys": keys,
        "tokens": [known for known, own in tokens.items() if not own],
        "own_token": [known for known, own in tokens.items() if own],
        "invitations": invitations,
        "members": [member],
    }
