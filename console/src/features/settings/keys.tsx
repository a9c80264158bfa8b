// API keys: what agents submit with. A key can never decide.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, client, idempotencyKey } from "@/api/client";
import { keysQuery, queuesQuery } from "@/api/queries";
import { useMe } from "@/features/shell/me";
import { barTo } from "@/rules";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { Modal } from "@/ui/modal";
import { Complaint, Empty, Failed, LoadingRows } from "@/ui/states";
import { CredentialRow } from "./credential-row";
import { ExpiryField } from "./expiry-field";
import { SecretOnce } from "./secret-once";

const SCOPES = [
  "task:submit",
  "task:read",
  "task:cancel",
  "queue:read",
  "queue:write",
  "review:read",
  "event:read",
  "audit:read",
] as const;
const USUAL: readonly string[] = ["task:submit", "task:read", "task:cancel", "queue:read", "review:read", "event:read"];

export function ApiKeys() {
  const me = useMe();
  const bar = barTo(me, "key.manage");
  const keys = useQuery({ ...keysQuery, enabled: bar === null });
  const cache = useQueryClient();
  const [creating, setCreating] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const revoke = useMutation({
    mutationFn: (id: string) => answer(client.DELETE("/key/{id}", { params: { path: { id } } })),
    onSuccess: () => cache.invalidateQueries({ queryKey: keysQuery.queryKey }),
  });
  if (bar !== null)
    return (
      <Empty icon="lock" title="Not for your role">
        {bar}
      </Empty>
    );
  return (
    <section className="card">
      <div className="card__head">
        <h2 className="card__title">API keys</h2>
        <Button kind="primary" onClick={() => setCreating(true)}>
          New key
        </Button>
      </div>
      <p className="quiet">Agents submit tasks and wait for decisions with a key. A key can never decide.</p>
      <Complaint error={revoke.error} />
      {keys.isPending ? (
        <LoadingRows label="API keys" rows={3} />
      ) : keys.isError && keys.data === undefined ? (
        <Failed error={keys.error} what="The keys" onRetry={() => keys.refetch()} />
      ) : keys.data.length === 0 ? (
        <p className="quiet list__none">There is no key yet. Make one for your first agent.</p>
      ) : (
        <ul className="list">
          {keys.data.map((key) => (
            <CredentialRow
              key={key.id}
              credential={key}
              busy={revoke.isPending && revoke.variables === key.id}
              onRevoke={() => revoke.mutate(key.id)}
            >
              <div className="list__tags">
                {key.mode === "test" ? <span className="badge badge--high">test</span> : null}
                {key.scopes.map((scope) => (
                  <code key={scope}>{scope}</code>
                ))}
                {key.queue_keys === null ? null : <span className="quiet">only in {key.queue_keys.join(", ")}</span>}
              </div>
            </CredentialRow>
          ))}
        </ul>
      )}
      {creating ? (
        <CreateKey
          onClose={() => setCreating(false)}
          onCreated={(next) => {
            setCreating(false);
            setSecret(next);
            cache.invalidateQueries({ queryKey: keysQuery.queryKey });
          }}
        />
      ) : null}
      <SecretOnce title="The new key" secret={secret} onClose={() => setSecret(null)} />
    </section>
  );
}

function CreateKey({ onClose, onCreated }: { onClose(): void; onCreated(secret: string | null): void }) {
  const { data: queues = [] } = useQuery(queuesQuery);
  const [name, setName] = useState("");
  const [mode, setMode] = useState<"live" | "test">("live");
  const [days, setDays] = useState("90");
  const [scopes, setScopes] = useState<readonly string[]>(USUAL);
  const [only, setOnly] = useState<readonly string[]>([]);
  const create = useMutation({
    mutationFn: () =>
      answer(
        client.POST("/key", {
          headers: { "Idempotency-Key": idempotencyKey() },
          body: {
            name,
            mode,
            scopes: SCOPES.filter((scope) => scopes.includes(scope)),
            ...(only.length === 0 ? {} : { queue_keys: [...only] }),
            ...(days === "" ? {} : { expires_in_days: Number(days) }),
          },
        }),
      ),
    onSuccess: (key) => onCreated(key.key),
  });
  const bar = name.trim() === "" ? "Give it a name." : scopes.length === 0 ? "Choose at least one scope." : null;
  function submit(event: FormEvent) {
    event.preventDefault();
    if (bar === null) create.mutate();
  }
  const flip = (list: readonly string[], each: string) =>
    list.includes(each) ? list.filter((other) => other !== each) : [...list, each];
  return (
    <Modal open onClose={onClose} title="New API key">
      <form className="form" onSubmit={submit}>
        <Field label="Name" hint="The agent's name, as reviewers see it.">
          {(control) => (
            <input
              {...control}
              className="input"
              required
              maxLength={120}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <div className="form__row">
          <ExpiryField days={days} onChange={setDays} />
          <Field label="Mode">
            {(control) => (
              <select
                {...control}
                className="select"
                value={mode}
                onChange={(event) => setMode(event.target.value as "live" | "test")}
              >
                <option value="live">Live</option>
                <option value="test">Test</option>
              </select>
            )}
          </Field>
        </div>
        <fieldset className="plain-set">
          <legend className="field__label">May</legend>
          <div className="checks">
            {SCOPES.map((scope) => (
              <label key={scope} className="check">
                <input
                  type="checkbox"
                  checked={scopes.includes(scope)}
                  onChange={() => setScopes(flip(scopes, scope))}
                />
                <code>{scope}</code>
              </label>
            ))}
          </div>
        </fieldset>
        {queues.length === 0 ? null : (
          <fieldset className="plain-set">
            <legend className="field__label">Only in these queues</legend>
            <div className="field__hint">None chosen: in every queue.</div>
            <div className="checks">
              {queues.map((queue) => (
                <label key={queue.id} className="check">
                  <input
                    type="checkbox"
                    checked={only.includes(queue.key)}
                    onChange={() => setOnly(flip(only, queue.key))}
                  />
                  {queue.name}
                </label>
              ))}
            </div>
          </fieldset>
        )}
        <Complaint error={create.error} />
        <div className="form__actions">
          <Button onClick={onClose}>Go back</Button>
          <Button kind="primary" type="submit" busy={create.isPending} bar={bar}>
            Create key
          </Button>
        </div>
      </form>
    </Modal>
  );
}
