// How long a new key or token is to work.
import { Field } from "@/ui/field";

export function ExpiryField({ days, onChange }: { days: string; onChange(days: string): void }) {
  return (
    <Field label="Works for">
      {(control) => (
        <select {...control} className="select" value={days} onChange={(event) => onChange(event.target.value)}>
          <option value="7">7 days</option>
          <option value="30">30 days</option>
          <option value="90">90 days</option>
          <option value="365">A year</option>
          <option value="">Until it is revoked</option>
        </select>
      )}
    </Field>
  );
}
