// My name, e-mail and password, and how this browser shows the console.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, client } from "@/api/client";
import { asApiError } from "@/api/problem";
import { asPerson, meQuery } from "@/api/queries";
import { PasswordField } from "@/features/login/password-field";
import { useMe } from "@/features/shell/me";
import { type Theme, usePreference } from "@/preferences";
import { Button } from "@/ui/button";
import { Field } from "@/ui/field";
import { Complaint, Note } from "@/ui/states";

export function Account() {
  return (
    <>
      <Identity />
      <Password />
      <Appearance />
    </>
  );
}

function Identity() {
  const me = useMe();
  const cache = useQueryClient();
  const [name, setName] = useState(me.member.name);
  const [email, setEmail] = useState(me.member.email);
  const [current, setCurrent] = useState("");
  const otherName = name !== me.member.name;
  const otherEmail = email !== me.member.email;
  const asksPassword = otherEmail && me.has_password;
  const save = useMutation({
    mutationFn: async () =>
      asPerson(
        await answer(
          client.PATCH("/me", {
            body: {
              ...(otherName ? { name } : {}),
              ...(otherEmail ? { email } : {}),
              ...(asksPassword ? { current_password: current } : {}),
            },
          }),
        ),
      ),
    onSuccess: (next) => {
      cache.setQueryData(meQuery.queryKey, next);
      setCurrent("");
    },
  });
  const errors = save.error === null ? {} : asApiError(save.error).errors;
  const unchanged = !otherName && !otherEmail;
  function submit(event: FormEvent) {
    event.preventDefault();
    if (!unchanged) save.mutate();
  }
  return (
    <section className="card">
      <h2 className="card__title">Who I am</h2>
      <form className="form" onSubmit={submit}>
        <Field label="Name" hint="It stands beside every decision you take." errors={errors["/name"]}>
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
              autoComplete="email"
              required
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        {asksPassword ? (
          <CurrentPassword
            label="Your password, to change the e-mail"
            value={current}
            onChange={setCurrent}
            errors={errors["/current_password"]}
          />
        ) : null}
        <p className="quiet">
          Your role is <strong>{me.member.role}</strong>. An administrator can change it.
        </p>
        <Complaint error={save.error} />
        <div className="form__actions form__actions--start">
          <Button kind="primary" type="submit" busy={save.isPending} bar={unchanged ? "Nothing is changed." : null}>
            Save
          </Button>
        </div>
      </form>
    </section>
  );
}

interface CurrentPasswordProps {
  label: string;
  value: string;
  errors: string[] | undefined;
  onChange(value: string): void;
}

function CurrentPassword({ label, value, errors, onChange }: CurrentPasswordProps) {
  return (
    <Field label={label} errors={errors}>
      {(control) => (
        <input
          {...control}
          className="input"
          type="password"
          autoComplete="current-password"
          required
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

function Password() {
  const me = useMe();
  const cache = useQueryClient();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const change = useMutation({
    mutationFn: async () =>
      asPerson(
        await answer(
          client.PATCH("/me", { body: { password: next, ...(me.has_password ? { current_password: current } : {}) } }),
        ),
      ),
    onSuccess: (now) => {
      cache.setQueryData(meQuery.queryKey, now);
      setCurrent("");
      setNext("");
    },
  });
  const errors = change.error === null ? {} : asApiError(change.error).errors;
  function submit(event: FormEvent) {
    event.preventDefault();
    if (next !== "") change.mutate();
  }
  return (
    <section className="card">
      <h2 className="card__title">Password</h2>
      <form className="form" onSubmit={submit}>
        {me.has_password ? (
          <CurrentPassword
            label="Password now"
            value={current}
            onChange={setCurrent}
            errors={errors["/current_password"]}
          />
        ) : null}
        <PasswordField label="New password" value={next} onChange={setNext} errors={errors["/password"]} />
        <p className="quiet">Changing it ends all your other sessions.</p>
        <Complaint error={change.error} />
        {change.isSuccess ? <Note kind="good">The password is changed.</Note> : null}
        <div className="form__actions form__actions--start">
          <Button
            kind="primary"
            type="submit"
            busy={change.isPending}
            bar={next === "" ? "Enter a new password." : null}
          >
            {me.has_password ? "Change password" : "Set password"}
          </Button>
        </div>
      </form>
    </section>
  );
}

function Appearance() {
  const [theme, setTheme] = usePreference("theme");
  const [letters, setLetters] = usePreference("letters");
  const [advance, setAdvance] = usePreference("advance");
  return (
    <section className="card">
      <h2 className="card__title">This browser</h2>
      <div className="form">
        <Field label="Theme">
          {(control) => (
            <select
              {...control}
              className="select"
              value={theme}
              onChange={(event) => setTheme(event.target.value as Theme)}
            >
              <option value="system">As the system</option>
              <option value="light">Light</option>
              <option value="dark">Dark</option>
            </select>
          )}
        </Field>
        <label className="check">
          <input
            type="checkbox"
            checked={letters === "on"}
            onChange={(event) => setLetters(event.target.checked ? "on" : "off")}
          />
          Single letters act as shortcuts
        </label>
        <label className="check">
          <input
            type="checkbox"
            checked={advance === "on"}
            onChange={(event) => setAdvance(event.target.checked ? "on" : "off")}
          />
          Open the next task after a decision
        </label>
      </div>
    </section>
  );
}
