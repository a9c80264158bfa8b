// Log in with e-mail and password.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { answer, client } from "@/api/client";
import { asPerson, meQuery } from "@/api/queries";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { Complaint } from "@/ui/states";
import { Door } from "./door";

export function Login() {
  const { next } = useSearch({ from: "/login" });
  const router = useRouter();
  return (
    <Door title="Log in to Signoff">
      <LoginForm onDone={() => router.history.push(`/app${next ?? "/"}`)} />
      <p className="door__foot">
        No password yet? Open the link from your invitation, or ask an administrator for a one-time login link.
      </p>
    </Door>
  );
}

export function LoginForm({ email: known = "", onDone }: { email?: string; onDone(): void }) {
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState("");
  const cache = useQueryClient();
  const login = useMutation({
    mutationFn: async () => asPerson(await answer(client.POST("/login", { body: { email, password } }))),
    onSuccess: (me) => {
      // What another person read must not be shown to this one.
      if (cache.getQueryData(meQuery.queryKey)?.member.id !== me.member.id && known !== me.member.email) cache.clear();
      cache.setQueryData(meQuery.queryKey, me);
      cache.invalidateQueries();
      onDone();
    },
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    login.mutate();
  }
  return (
    <form className="form" onSubmit={submit}>
      <Field label="E-mail">
        {(control) => (
          <input
            {...control}
            className="input"
            type="email"
            name="email"
            autoComplete="username"
            required
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        )}
      </Field>
      <Field label="Password">
        {(control) => (
          <input
            {...control}
            className="input"
            type="password"
            name="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      <Complaint error={login.error} />
      <Button kind="primary" size="large" type="submit" busy={login.isPending}>
        Log in
      </Button>
    </form>
  );
}
