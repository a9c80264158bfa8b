// A secret that the server shows once: read it now, or make another.
import { CopyLine } from "@/ui/copy";
import { Modal } from "@/ui/modal";
import { Note } from "@/ui/states";

interface Props {
  title: string;
  secret: string | null;
  onClose(): void;
}

export function SecretOnce({ title, secret, onClose }: Props) {
  return (
    <Modal open={secret !== null} onClose={onClose} title={title}>
      <CopyLine value={secret ?? ""} label={title} />
      <Note kind="warn">It is shown this once. The server keeps only its hash.</Note>
    </Modal>
  );
}
