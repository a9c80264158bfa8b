// How many tasks are open, in words for people.

/** The server counts the open tasks of a queue no further: it stands for any number from there on. */
const MOST = 10_000;

/** The sum of the open tasks of some queues. */
export function counted(...counts: number[]): string {
  const sum = counts.reduce((sum, count) => sum + count, 0).toLocaleString("en");
  return counts.some((count) => count >= MOST) ? `${sum}+` : sum;
}
