// A new password, which may be looked at while it is typed.
import { useState } from "react";
import { Field } from "@/ui/field";

/** The server refuses shorter ones. */
export const PASSWORD_LENGTH = 15;

interface Props {
  label: string;
  value: string;
  onChange(value: string): void;
  errors?: string[] | undefined;
}

export function PasswordField({ label, value, onChange, errors }: Props) {
  const [shown, setShown] = useState(false);
  return (
    <Field
      label={label}
      hint={`At least ${PASSWORD_LENGTH} characters. A few words in a row are good.`}
      errors={errors}
    >
      {(control) => (
        <div className="with-button">
          <input
            {...control}
            className="input"
            type={shown ? "text" : "password"}
            autoComplete="new-password"
            minLength={PASSWORD_LENGTH}
            required
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
          <button type="button" className="with-button__button" aria-pressed={shown} onClick={() => setShown(!shown)}>
            {shown ? "Hide" : "Show"}
          </button>
        </div>
      )}
    </Field>
  );
}
