// Markdown from outside, as CommonMark without raw HTML, images or anything loaded from elsewhere. A link shows the host it
// leads to, and hidden characters are boxed as everywhere else.
import { memo } from "react";
import ReactMarkdown, { type Components } from "react-markdown";
import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import { pieces } from "./pieces";
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
      <SafeText text={alt ?? ""} /> ⟶ {hostOf(typeof src === "string" ? src : undefined)}]
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
      <ReactMarkdown rehypePlugins={[[rehypeSanitize, SCHEMA], markHidden]} components={COMPONENTS}>
        {text}
      </ReactMarkdown>
    </div>
  );
});

function Link({ href, children }: { href: string | undefined; children: React.ReactNode }) {
  const host = hostOf(href);
  if (!href || host === "nowhere") {
    return (
      <span className="md__dead">
        {children} <span className="md__host">[{host}]</span>
      </span>
    );
  }
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children} <span className="md__host">[{host}]</span>
    </a>
  );
}

/** Where an address leads: its whole host, as the browser will ask for it (punycode, not its rendering). */
export function hostOf(address: string | undefined): string {
  if (!address) return "nowhere";
  try {
    const url = new URL(address);
    if (url.protocol === "mailto:") return `mail to ${url.pathname}`;
    if (url.protocol !== "http:" && url.protocol !== "https:") return "nowhere";
    const credentials = url.username === "" ? "" : `${url.username}@ `;
    return `${credentials}${url.host}`;
  } catch {
    return "nowhere";
  }
}

interface HastNode {
  type: string;
  value?: string;
  tagName?: string;
  properties?: Record<string, unknown>;
  children?: HastNode[];
}

/** Boxes the hidden characters in every text of the tree. Runs after the sanitiser, so its own spans stay. */
function markHidden() {
  return (tree: HastNode) => visit(tree);
}

function visit(node: HastNode): void {
  if (!node.children) return;
  node.children = node.children.flatMap((child) => {
    if (child.type !== "text") {
      visit(child);
      return [child];
    }
    return pieces(child.value ?? "").map((piece): HastNode => {
      if (piece.kind === "text") return { type: "text", value: piece.text };
      const box = (value: string, title: string): HastNode => ({
        type: "element",
        tagName: "span",
        properties: { className: ["mark"], title },
        children: [{ type: "text", value }],
      });
      if (piece.kind === "hidden") return box(piece.label, piece.name);
      return {
        type: "element",
        tagName: "span",
        properties: { className: ["mixed"], title: `This word mixes ${piece.scripts} letters, which look alike.` },
        children: [{ type: "text", value: piece.text }, box(piece.scripts, "look-alike letters")],
      };
    });
  });
}
