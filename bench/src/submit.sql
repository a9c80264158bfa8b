\set n random(1, 1000000000000)
BEGIN;
WITH task AS (
    SELECT (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000000)::bigint), 14, '0') || lpad(to_hex(:n::bigint), 18, '0'))::uuid AS id
)
INSERT INTO tasks (id, organization_id, queue_id, queue_version, batch_id, external_id, state, revision, stage, rank, due_at, deadline, metadata, summary,
    max_selections, assignee_id, created_by, outcome, reviewed_at, created_at, updated_at)
SELECT id, '01890000-0000-7000-8000-000000000001', '01890000-0000-7000-8000-000000000002', 1, NULL, id::text, 'queued', 1, 1, 2,
    '9999-01-01', NULL, '{}', NULL, NULL, NULL, '{"kind": "agent", "id": "key_01jz0000000000000000000000", "name": "bench", "method": "key"}', NULL, NULL, now(), now()
FROM task RETURNING id AS task \gset
INSERT INTO contents (task_id, revision, salt, content) VALUES (:task, 1, '\x000102030405060708090a0b0c0d0e0f', 'CONTENT');
INSERT INTO events (organization_id, event_type, task_id, queue_id, entry)
VALUES ('01890000-0000-7000-8000-000000000001', 'task.submitted', :task, '01890000-0000-7000-8000-000000000002', 'ENTRY');
COMMIT;
