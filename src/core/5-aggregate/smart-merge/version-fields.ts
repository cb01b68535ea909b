/** Phase 5.2 — where a known manifest says a version: nowhere else is a number taken for one. */
import { nameOf } from "../../code/file-set.ts";
import type { KeyPath } from "../../ports/structured-text.ts";

const SECTIONS: Record<string, readonly string[]> = {
  "package.json": ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies", "engines"],
  "composer.json": ["require", "require-dev"],
  "pubspec.yaml": ["dependencies", "dev_dependencies"],
  "Chart.yaml": [],
  "deno.json": [],
  "jsr.json": [],
};
const LOCKS = new Set(["package-lock.json", "npm-shrinkwrap.json"]);
const TOP = new Set(["version", "appVersion"]);

/** True for the own version of a project and for the versions it asks of others. */
export function isVersionField(path: string, at: KeyPath): boolean {
  const name = nameOf(path);
  if (LOCKS.has(name)) {
    const root = at[0] === "packages" && at[1] === "" ? at.slice(2) : at.length === 1 ? at : [];
    return isFieldOf("package.json", root);
  }
  return isFieldOf(name, at);
}

function isFieldOf(name: string, at: KeyPath): boolean {
  const sections = Object.hasOwn(SECTIONS, name) ? SECTIONS[name] : undefined;
  if (sections === undefined) return false;
  return at.length === 1 ? TOP.has(String(at[0])) : at.length === 2 && sections.includes(String(at[0]));
}

/** A line that says a version, in three pieces. */
export interface VersionLine {
  head: string;
  version: string;
  tail: string;
}

type LinePattern = (section: string) => RegExp | undefined;

const V = String.raw`(?:[\^~v=]|>=|==|~>)?\s*\d+(?:\.\d+){1,3}(?:-[\w.-]+)?(?:\+[\w.-]+)?`;
const OWN = new RegExp(String.raw`^(\s*(?:version|rust-version)\s*=\s*")(${V})(".*)$`, "s");
const NAMED = new RegExp(String.raw`^(\s*[\w"'.-]+\s*=\s*(?:\{[^}]*?\bversion\s*=\s*)?")(${V})(".*)$`, "s");
const DEPENDENCIES = /(^|\.)(dev-|build-)?dependencies$/;

const PATTERNS: [file: RegExp, pattern: LinePattern][] = [
  [
    /^Cargo\.toml$/,
    (section) => {
      if (/^(workspace\.)?package$/.test(section)) return OWN;
      if (DEPENDENCIES.test(section)) return NAMED;
      return DEPENDENCIES.test(section.slice(0, Math.max(0, section.lastIndexOf(".")))) ? OWN : undefined;
    },
  ],
  [
    /^pyproject\.toml$/,
    (section) => {
      if (section === "project" || section === "tool.poetry") return OWN;
      return /^tool\.poetry\.(group\.[\w-]+\.)?(dev-)?dependencies$/.test(section) ? NAMED : undefined;
    },
  ],
  [/^go\.mod$/, (section) => GO[section]],
  [/^requirements[\w.-]*\.txt$/, () => /^([\w.-]+(?:\[[\w,.-]+\])?)(==\d[\w.]*)(\s*(?:[#;].*)?)$/s],
  [/^pom\.xml$/, () => new RegExp(String.raw`^(\s*<(?:version|[\w.-]+\.version)>)(${V})(</[\w.-]+>\s*)$`, "s")],
  [/^Gemfile$/, () => new RegExp(String.raw`^(\s*gem\s+["'][\w.-]+["']\s*,\s*["'])(${V})(["'].*)$`, "s")],
  [/^VERSION(\.txt)?$/i, () => new RegExp(`^()(${V})(\\s*)$`, "s")],
];

const GO_VERSION = String.raw`v\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?`;
const GO: Record<string, RegExp> = {
  require: new RegExp(String.raw`^(\s+\S+\s+)(${GO_VERSION})(\s*(?://.*)?)$`, "s"),
  "": new RegExp(String.raw`^(require\s+\S+\s+)(${GO_VERSION})(\s*(?://.*)?)$`, "s"),
};

/** Undefined for a line that says no version, and in every file that is no manifest. `before`: the text above it. */
export function versionLine(path: string, before: string, line: string): VersionLine | undefined {
  const pattern = PATTERNS.find(([file]) => file.test(nameOf(path)))?.[1](sectionAt(path, before));
  const [, head, version, tail] = pattern?.exec(line) ?? [];
  return head === undefined || version === undefined || tail === undefined ? undefined : { head, version, tail };
}

/** Name of the TOML table, or of the block in brackets of a go.mod, that is open at the end of the text. */
function sectionAt(path: string, before: string): string {
  if (/\.toml$/.test(path))
    return /(?:^|\n)\s*\[+([^\]\n]+)\]+[^\n]*\n?(?:(?!\s*\[)[^\n]*\n?)*$/.exec(before)?.[1]?.trim() ?? "";
  const opened = before.lastIndexOf("(\n");
  if (opened === -1 || before.indexOf("\n)", opened) !== -1) return "";
  return before.slice(before.lastIndexOf("\n", opened) + 1, opened).trim();
}
