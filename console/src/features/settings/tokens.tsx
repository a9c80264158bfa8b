// My access tokens: programs that hold one act as me.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, client, idempotencyKey } from "@/api/client";
import { tokensQuery } from "@/api/queries";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { Complaint, Failed, LoadingRows } from "@/ui/states";
import { CredentialRow } from "./credential-row";
import { ExpiryField } from "./expiry-field";
import { SecretOnce } from "./secret-once";

export function Tokens() {
  const tokens = useQuery(tokensQuery);
  const cache = useQueryClient();
  const [name, setName] = useState("");
  const [days, setDays] = useState("90");
  const changed = () => cache.invalidateQueries({ queryKey: tokensQuery.queryKey });
  const create = useMutation({
    mutationFn: () =>
      answer(
        client.POST("/token", {
          headers: { "Idempotency-Key": idempotencyKey() },
          body: { name, ...(days === "" ? {} : { expires_in_days: Number(days) }) },
        }),
      ),
    onSuccess: () => {
      setName("");
      changed();
    },
  });
  const revoke = useMutation({
    mutationFn: (id: string) => answer(client.DELETE("/token/{id}", { params: { path: { id } } })),
    onSuccess: changed,
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    if (name.trim() !== "") create.mutate();
  }
  return (
    <section className="card">
      <h2 className="card__title">Access tokens</h2>
      <p className="quiet">
        A program that holds one acts as you: it can decide in your name. For agents that submit tasks use API keys
        instead, which can never decide.
      </p>
      <form className="inline-form" onSubmit={submit}>
        <Field label="Name">
          {(control) => (
            <input
              {...control}
              className="input"
              required
              maxLength={120}
              placeholder="What it is for"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <ExpiryField days={days} onChange={setDays} />
        <Button
          kind="primary"
          type="submit"
          busy={create.isPending}
          bar={name.trim() === "" ? "Give it a name." : null}
        >
          Create token
        </Button>
      </form>
      <Complaint error={create.error ?? revoke.error} />
      {tokens.isPending ? (
        <LoadingRows label="Tokens" rows={2} />
      ) : tokens.isError && tokens.data === undefined ? (
        <Failed error={tokens.error} what="Your tokens" onRetry={() => tokens.refetch()} />
      ) : tokens.data.length === 0 ? (
        <p className="quiet list__none">You have no tokens.</p>
      ) : (
        <ul className="list">
          {tokens.data.map((token) => (
            <CredentialRow
              key={token.id}
              credential={token}
              busy={revoke.isPending && revoke.variables === token.id}
              onRevoke={() => revoke.mutate(token.id)}
            />
          ))}
        </ul>
      )}
      <SecretOnce title="The new token" secret={create.data?.token ?? null} onClose={() => create.reset()} />
    </section>
  );
}
