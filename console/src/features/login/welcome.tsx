// The first administrator says who they are and sets a password.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { answer, client } from "@/api/client";
import { asApiError } from "@/api/problem";
import { asPerson, meQuery } from "@/api/queries";
import { useMe } from "@/features/shell/me";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { Complaint } from "@/ui/states";
import { PasswordField } from "./password-field";
import "./login.css";

export function Welcome() {
  const me = useMe();
  const [name, setName] = useState(me.member.name);
  const [email, setEmail] = useState(me.member.email);
  const [password, setPassword] = useState("");
  const navigate = useNavigate();
  const cache = useQueryClient();
  const save = useMutation({
    mutationFn: async () => asPerson(await answer(client.PATCH("/me", { body: { name, email, password } }))),
    onSuccess: (next) => {
      cache.setQueryData(meQuery.queryKey, next);
      navigate({ to: "/" });
    },
  });
  const errors = save.error === null ? {} : asApiError(save.error).errors;
  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate();
  }
  return (
    <div className="page page--narrow">
      <h1 className="page__title">Welcome to Signoff</h1>
      <p className="page__lead">
        You are the first administrator of {me.organization.name}. Say who you are: your name stands beside every
        decision you take.
      </p>
      <form className="form" onSubmit={submit}>
        <Field label="Name" errors={errors["/name"]}>
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
        <Field label="E-mail" errors={errors["/email"]}>
          {(control) => (
            <input
              {...control}
              className="input"
              type="email"
              autoComplete="username"
              required
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        <PasswordField label="Password" value={password} onChange={setPassword} errors={errors["/password"]} />
        <Complaint error={save.error} />
        <Button kind="primary" size="large" type="submit" busy={save.isPending}>
          Start
        </Button>
      </form>
    </div>
  );
}
