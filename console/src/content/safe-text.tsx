// Text from outside as a person may trust it: isolated from the direction of what surrounds it, hidden characters boxed.
import { memo, type ReactNode } from "react";
import { type Piece, pieces } from "./pieces";
import "./content.css";

interface Props {
  text: string;
  /** Running text keeps its line breaks; a line shows them as marks. */
  block?: boolean;
}

export const SafeText = memo(function SafeText({ text, block = false }: Props) {
  return <bdi className={block ? "safe safe--block" : "safe"}>{renderPieces(pieces(text, { line: !block }))}</bdi>;
});

export function renderPieces(parts: Piece[]): ReactNode[] {
  return parts.map((piece, index) => <PieceView key={index} piece={piece} />);
}

function PieceView({ piece }: { piece: Piece }) {
  switch (piece.kind) {
    case "text":
      return piece.text;
    case "hidden":
      return (
        <span className="mark" title={piece.name} data-character={piece.label}>
          {piece.label}
        </span>
      );
    case "mixed":
      return (
        <span className="mixed" title={`This word mixes ${piece.scripts} letters, which look alike.`}>
          {piece.text}
          <span className="mark">{piece.scripts}</span>
        </span>
      );
  }
}
