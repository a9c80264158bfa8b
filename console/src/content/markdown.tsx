// Markdown from outside, as CommonMark without raw HTML, images or anything loaded from elsewhere. A link shows where
// it leads, and hidden characters are boxed as everywhere else.
import { memo } from "react";
import ReactMarkdown, { type Components } from "react-markdown";
import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import { type Piece, pieces } from "./pieces";
import { SafeText } from "./safe-text";
import "./content.css";

const SCHEMA = {
  ...defaultSchema,
  tagNames: [
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "blockquote",
    "pre",
    "code",
    "em",
    "strong",
    "a",
    "img",
    "hr",
    "br",
  ],
  attributes: { a: ["href"], img: ["src", "alt"], ol: ["start"] },
  protocols: { href: ["http", "https", "mailto"], src: ["http", "https"] },
};

const COMPONENTS: Components = {
  a: ({ href, children }) => <Link href={href}>{children}</Link>,
  img: ({ src, alt }) => (
    <span className="md__image">
      [image{alt ? ": " : ""}
      <SafeText text={alt ?? ""} /> ⟶ {targetOf(typeof src === "string" ? src : undefined) ?? "nowhere"}]
    </span>
  ),
  // Headings of content must not stand beside the page's own: they keep their look and lose their level.
  h1: ({ children }) => <p className="md__heading md__heading--1">{children}</p>,
  h2: ({ children }) => <p className="md__heading md__heading--2">{children}</p>,
  h3: ({ children }) => <p className="md__heading">{children}</p>,
  h4: ({ children }) => <p className="md__heading">{children}</p>,
  h5: ({ children }) => <p className="md__heading">{children}</p>,
  h6: ({ children }) => <p className="md__heading">{children}</p>,
};

export default memo(function Markdown({ text }: { text: string }) {
  return (
    <div className="md" dir="auto">
      <ReactMarkdown
        remarkPlugins={[showDefinitions]}
        rehypePlugins={[htmlAsText, [rehypeSanitize, SCHEMA], markHidden]}
        components={COMPONENTS}
      >
        {text}
      </ReactMarkdown>
    </div>
  );
});

function Link({ href, children }: { href: string | undefined; children: React.ReactNode }) {
  const target = targetOf(href);
  if (target === null) {
    return (
      <span className="md__dead">
        {children} <span className="md__host">[leads nowhere]</span>
      </span>
    );
  }
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children} <span className="md__host">[{target}]</span>
    </a>
  );
}

/** Where an address leads, whole and as the browser will ask for it (punycode, not its rendering); null for a dead one. */
export function targetOf(address: string | undefined): string | null {
  if (!address) return null;
  try {
    const url = new URL(address);
    return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

interface HastNode {
  type: string;
  value?: string;
  tagName?: string;
  properties?: Record<string, unknown>;
  children?: HastNode[];
}

interface MdastNode {
  type: string;
  value?: string;
  children?: MdastNode[];
  position?: { start: { offset?: number }; end: { offset?: number } };
}

/** Link definitions are not drawn by Markdown, which makes them a place to hide text. Here each is shown as it is written. */
function showDefinitions() {
  return (tree: MdastNode, file: { value: unknown }) => {
    const source = String(file.value);
    tree.children = tree.children?.flatMap((node) => {
      if (node.type !== "definition") return [node];
      const text = source.slice(node.position?.start.offset, node.position?.end.offset);
      return [node, { type: "paragraph", children: [{ type: "inlineCode", value: text }] }];
    });
  };
}

/** HTML in the text is shown as the text it is: dropping it would hide what was submitted. */
function htmlAsText() {
  return (tree: HastNode) =>
    walk(tree, (node) => (node.type === "raw" ? [{ type: "text", value: node.value ?? "" }] : null));
}

/** Boxes the hidden characters in every text of the tree. Runs after the sanitiser, so its own spans stay. */
function markHidden() {
  return (tree: HastNode) =>
    walk(tree, (node) => (node.type === "text" ? pieces(node.value ?? "").map((piece) => toHast(piece)) : null));
}

function toHast(piece: Piece): HastNode {
  if (piece.kind === "text") return { type: "text", value: piece.text };
  if (piece.kind === "hidden") return span("mark", piece.name, [{ type: "text", value: piece.label }]);
  return span("mixed", `This word mixes ${piece.scripts} letters, which look alike.`, [
    { type: "text", value: piece.text },
    span("mark", "look-alike letters", [{ type: "text", value: piece.scripts }]),
  ]);
}

function span(className: string, title: string, children: HastNode[]): HastNode {
  return { type: "element", tagName: "span", properties: { className: [className], title }, children };
}

/** Replaces every node for which `replace` answers others; goes into the rest. */
function walk(node: HastNode, replace: (node: HastNode) => HastNode[] | null): void {
  node.children = node.children?.flatMap((child) => {
    const others = replace(child);
    if (others !== null) return others;
    walk(child, replace);
    return [child];
  });
}
