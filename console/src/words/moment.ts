// A moment as people plan with it: the day of the week belongs to it.

/** "Fri 3 Jul 2026, 16:30", in a time zone or in that of the browser. */
export function moment(at: string, timeZone: string | null = null, locale?: string): string {
  const options: Intl.DateTimeFormatOptions = {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  };
  try {
    return new Date(at).toLocaleString(locale, timeZone === null ? options : { ...options, timeZone });
  } catch {
    // A zone that this browser does not know.
    return new Date(at).toLocaleString(locale, options);
  }
}
