/** How each language writes comments and strings: all that tokenising needs to know of it. */

export interface TokenRules {
  lineComment: "//" | "#";
  blockComment: boolean;
  nestedComments: boolean;
  quotes: string;
  tripleQuotes: boolean;
  backtick: "template" | "raw" | "none";
  regex: boolean;
  /** `f"{x}"` holds code */
  formatted: boolean;
  /** `'a` may be a lifetime, `r#"…"#` a raw string */
  rust: boolean;
}

const C_LIKE: TokenRules = {
  lineComment: "//",
  blockComment: true,
  nestedComments: false,
  quotes: "\"'",
  tripleQuotes: false,
  backtick: "none",
  regex: false,
  formatted: false,
  rust: false,
};

export const RULES: Record<"javascript" | "python" | "go" | "rust" | "java", TokenRules> = {
  javascript: { ...C_LIKE, backtick: "template", regex: true },
  python: { ...C_LIKE, lineComment: "#", blockComment: false, tripleQuotes: true, formatted: true },
  go: { ...C_LIKE, backtick: "raw" },
  rust: { ...C_LIKE, nestedComments: true, quotes: '"', rust: true },
  java: { ...C_LIKE, tripleQuotes: true },
};
