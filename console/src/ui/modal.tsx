// A dialog with a title, what it says, and its actions. Escape closes it; the focus returns to where it was.
import { lazy, type ReactNode, Suspense, useState } from "react";

const load = () => import("./dialog");
const DialogView = lazy(load);

export interface ModalProps {
  open: boolean;
  onClose(): void;
  title: string;
  children: ReactNode;
}

export function Modal(props: ModalProps) {
  const [wanted, setWanted] = useState(props.open);
  if (props.open && !wanted) setWanted(true);
  if (!wanted) return null;
  return (
    <Suspense fallback={null}>
      <DialogView {...props} />
    </Suspense>
  );
}

/** Fetches the dialog's code before the first one is asked for. */
export function preloadModal(): void {
  load().catch(() => undefined);
}
