// A secret or link that is shown once, with a button that copies it.
import { useState } from "react";
import { Button } from "./button";

export function CopyLine({ value, label }: { value: string; label: string }) {
  const [copied, setCopied] = useState<boolean | null>(null);
  return (
    <div className="copy">
      <input
        className="copy__value"
        readOnly
        value={value}
        aria-label={label}
        onFocus={(event) => event.target.select()}
      />
      <Button
        kind="primary"
        onClick={() =>
          // Without a secure context there is no clipboard; the field can still be selected by hand.
          navigator.clipboard === undefined
            ? setCopied(false)
            : navigator.clipboard.writeText(value).then(
                () => setCopied(true),
                () => setCopied(false),
              )
        }
      >
        {copied === true ? "Copied" : "Copy"}
      </Button>
      {copied === false ? <span className="quiet">Select the text and copy it by hand.</span> : null}
    </div>
  );
}
