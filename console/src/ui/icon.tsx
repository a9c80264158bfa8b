// The console's few icons, drawn here: 16 units square, stroked in the colour of the text. Decorative: names stand beside them.
const PATHS = {
  turn: "M3 8.5l3.2 3.2L13 5",
  queues: "M2.5 4h11M2.5 8h11M2.5 12h7",
  tasks: "M3 3h10v10H3zM3 6.5h10M6.5 6.5V13",
  settings:
    "M8 10.2a2.2 2.2 0 100-4.4 2.2 2.2 0 000 4.4zM8 1.8v1.7M8 12.5v1.7M14.2 8h-1.7M3.5 8H1.8M12.4 3.6l-1.2 1.2M4.8 11.2l-1.2 1.2M12.4 12.4l-1.2-1.2M4.8 4.8L3.6 3.6",
  close: "M4 4l8 8M12 4l-8 8",
  search: "M7 11.5a4.5 4.5 0 100-9 4.5 4.5 0 000 9zM10.4 10.4L14 14",
  back: "M9.5 3.5L5 8l4.5 4.5",
  next: "M6.5 3.5L11 8l-4.5 4.5",
  rail: "M2.5 3h11v10h-11zM6 3v10",
  person: "M8 8a2.8 2.8 0 100-5.6A2.8 2.8 0 008 8zM2.8 14c.5-2.7 2.6-4.3 5.2-4.3s4.7 1.6 5.2 4.3",
  agent: "M3.5 6h9v7h-9zM8 6V3.2M6.2 9.2v1M9.8 9.2v1M8 3.2a.6.6 0 100-1.2.6.6 0 000 1.2z",
  clock: "M8 14A6 6 0 108 2a6 6 0 000 12zM8 4.8V8l2.2 1.5",
  lock: "M4 7h8v6.5H4zM5.6 7V5a2.4 2.4 0 014.8 0v2",
  link: "M6.5 9.5l3-3M7.2 4.6l1.3-1.3a2.7 2.7 0 013.8 3.8l-1.3 1.3M8.8 11.4l-1.3 1.3a2.7 2.7 0 01-3.8-3.8l1.3-1.3",
  plus: "M8 3v10M3 8h10",
  warning: "M8 2.2l6.2 11.3H1.8zM8 6.5v3.2M8 11.4v.4",
  up: "M4 10l4-4 4 4",
  down: "M4 6l4 4 4-4",
  keyboard: "M1.8 4h12.4v8H1.8zM4.3 6.6h.2M6.8 6.6h.2M9.2 6.6h.2M11.6 6.6h.2M5 9.6h6",
  done: "M8 14A6 6 0 108 2a6 6 0 000 12zM5.4 8.2l1.9 1.9 3.4-3.8",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
