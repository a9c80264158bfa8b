// Moments in fields of the type datetime-local, which hold the browser's own time without a zone.

/** The instant that an entry means; null when it is none. */
export function instantOf(entry: string): string | null {
  const at = new Date(entry);
  return entry === "" || Number.isNaN(at.getTime()) ? null : at.toISOString();
}

/** The entry for an instant. */
export function entryOf(at: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

export function localNow(): string {
  return entryOf(new Date());
}
