// Text from outside, cut into what reads as itself and what must be made visible: invisible, bidirectional, control and
// private characters, and words that mix look-alike scripts. Nothing is dropped or normalised: the pieces joined are the text.

export type Piece =
  | { kind: "text"; text: string }
  /** A character that would not show, or would change how others show. */
  | { kind: "hidden"; text: string; label: string; name: string }
  /** A word with letters of scripts that look alike. */
  | { kind: "mixed"; text: string; scripts: string };

export interface Options {
  /** One line only: line breaks and tabs are made visible too, since they would read as spaces. */
  line?: boolean;
}

// By Unicode's own properties: controls, format characters, private use, surrogates without a partner, default ignorables
// (fillers, variation selectors, tags), noncharacters; and what these miss: separators and blanks that are drawn as nothing.
const HIDDEN = "[\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}\\p{DI}\\p{NChar}\\u2028\\u2029\\u2800\\uFFFC]";
// Some of the hidden are letters or marks by category (the Hangul fillers, variation selectors): they end a word.
const WORD = `[[\\p{L}\\p{M}\\p{N}]--${HIDDEN}]+`;

const BLOCK_PATTERN = new RegExp(`([${HIDDEN}--[\\t\\n]])|(${WORD})`, "gv");
const LINE_PATTERN = new RegExp(`(${HIDDEN})|(${WORD})`, "gv");

const NAMES: Record<number, string> = {
  9: "tab",
  10: "line break",
  13: "carriage return",
  27: "escape",
  127: "delete",
  173: "soft hyphen",
  847: "combining grapheme joiner",
  1564: "Arabic letter mark",
  4447: "Hangul filler",
  4448: "Hangul filler",
  8203: "zero width space",
  8204: "zero width non-joiner",
  8205: "zero width joiner",
  8206: "left-to-right mark",
  8207: "right-to-left mark",
  8232: "line separator",
  8233: "paragraph separator",
  8234: "left-to-right embedding",
  8235: "right-to-left embedding",
  8236: "end of embedding",
  8237: "left-to-right override",
  8238: "right-to-left override",
  8288: "word joiner",
  8294: "left-to-right isolate",
  8295: "right-to-left isolate",
  8296: "first strong isolate",
  8297: "end of isolate",
  10240: "blank Braille pattern",
  12644: "Hangul filler",
  65279: "byte order mark",
  65440: "Hangul filler",
  65532: "object replacement",
};

export function pieces(text: string, options: Options = {}): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  const pattern = options.line === true ? LINE_PATTERN : BLOCK_PATTERN;
  for (const match of text.matchAll(pattern)) {
    const piece = match[1] !== undefined ? hidden(text, match.index, match[1], options) : mixed(match[0]);
    if (piece === null) continue;
    if (match.index > from) found.push({ kind: "text", text: text.slice(from, match.index) });
    found.push(piece);
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ kind: "text", text: text.slice(from) });
  return found;
}

/** The hidden characters of a text with how often each stands in it, for a warning beside a field that shows it as it is. */
export function hiddenIn(text: string): { label: string; name: string; count: number }[] {
  const counts = new Map<string, { label: string; name: string; count: number }>();
  for (const piece of pieces(text)) {
    if (piece.kind !== "hidden") continue;
    const seen = counts.get(piece.label);
    if (seen) seen.count += 1;
    else counts.set(piece.label, { label: piece.label, name: piece.name, count: 1 });
  }
  return [...counts.values()];
}

function hidden(text: string, index: number, character: string, options: Options): Piece | null {
  const code = character.codePointAt(0) ?? 0;
  // A line ends in CR LF on many systems; only a CR that stands alone can overwrite a line.
  if (code === 0x0d && text[index + 1] === "\n" && options.line !== true) return null;
  if (code === 0xfe0f && isEmojiBefore(text, index)) return null;
  const label = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  return { kind: "hidden", text: character, label, name: NAMES[code] ?? kindOf(code) };
}

function kindOf(code: number): string {
  if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return "control character";
  if (code >= 0xe0000 && code <= 0xe007f) return "tag character";
  if ((code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xe0100 && code <= 0xe01ef)) return "variation selector";
  if ((code >= 0xe000 && code <= 0xf8ff) || code >= 0xf0000) return "private use character";
  return "invisible character";
}

function isEmojiBefore(text: string, index: number): boolean {
  const before = Array.from(text.slice(Math.max(0, index - 2), index)).pop() ?? "";
  if (/^[0-9#*]$/.test(before)) return text.codePointAt(index + 1) === 0x20e3;
  return /^\p{Extended_Pictographic}$/u.test(before);
}

const LATIN = /\p{Script=Latin}/u;
const CYRILLIC = /\p{Script=Cyrillic}/u;
const GREEK = /\p{Script=Greek}/u;

function mixed(word: string): Piece | null {
  // Most words are ASCII; they are done here.
  if (/^[\x20-\x7e]*$/.test(word)) return null;
  const scripts = [
    LATIN.test(word) ? "Latin" : null,
    CYRILLIC.test(word) ? "Cyrillic" : null,
    // The micro sign and the ohm sign are written between Latin letters in earnest.
    GREEK.test(word.replace(/[µμΩ]/gu, "")) ? "Greek" : null,
  ].filter((script) => script !== null);
  return scripts.length > 1 ? { kind: "mixed", text: word, scripts: scripts.join(" and ") } : null;
}
