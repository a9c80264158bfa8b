// Accepting an invitation: a name, a password, and the person is a member.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { answer, client } from "@/api/client";
import { asApiError } from "@/api/problem";
import { asPerson, meQuery } from "@/api/queries";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { Complaint } from "@/ui/states";
import { Door } from "./door";
import { PasswordField } from "./password-field";
import { useSecret } from "./secret";

export function Invitation() {
  const token = useSecret();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const navigate = useNavigate();
  const cache = useQueryClient();
  const accept = useMutation({
    mutationFn: async () =>
      asPerson(await answer(client.POST("/invitation/accept", { body: { token, name, password } }))),
    onSuccess: (me) => {
      cache.clear();
      cache.setQueryData(meQuery.queryKey, me);
      navigate({ to: "/" });
    },
  });
  if (token === "") {
    return (
      <Door title="This link is not whole">
        <p className="quiet">An invitation ends in “#” and a long code. Copy all of it, or ask for a new one.</p>
      </Door>
    );
  }
  const errors = accept.error === null ? {} : asApiError(accept.error).errors;
  function submit(event: FormEvent) {
    event.preventDefault();
    accept.mutate();
  }
  return (
    <Door title="Join Signoff">
      <p className="quiet">Your name stands beside every decision you take.</p>
      <form className="form" onSubmit={submit}>
        <Field label="Your name" errors={errors["/name"]}>
          {(control) => (
            <input
              {...control}
              className="input"
              autoComplete="name"
              required
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <PasswordField label="Password" value={password} onChange={setPassword} errors={errors["/password"]} />
        <Complaint error={accept.error} />
        <Button kind="primary" size="large" type="submit" busy={accept.isPending}>
          Join
        </Button>
      </form>
    </Door>
  );
}
