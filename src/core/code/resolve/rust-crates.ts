/** The crates of a repository: what their manifests call them and where their module trees begin. */
import { type FileSet, folderOf, joinPath, nameOf } from "../file-set.ts";

export interface Crate {
  /** as code writes it: with underscores */
  name: string;
  /** folder of the manifest */
  manifest: string;
  /** folder of the root module's children */
  folder: string;
  /** files the module tree may begin with, the library first */
  roots: string[];
}

/** Deepest first, so that the first whose folder holds a file is that file's crate. */
export function cratesOf(configuration: Map<string, string>, files: FileSet): Crate[] {
  const found = [...configuration].flatMap(([path, text]): Crate[] => {
    if (nameOf(path) !== "Cargo.toml") return [];
    const sections = readSections(text);
    const name = sections.get("lib")?.get("name") ?? sections.get("package")?.get("name");
    if (name === undefined) return [];
    const manifest = folderOf(path);
    const library = sections.get("lib")?.get("path") ?? "src/lib.rs";
    const roots = [library, "src/main.rs", "src/lib.rs"]
      .map((root) => joinPath(manifest, root))
      .filter((root) => root !== undefined)
      .filter((root, index, all) => files.has(root) && all.indexOf(root) === index);
    const binary = sections.get("bin")?.get("path");
    const own = binary === undefined ? undefined : joinPath(manifest, binary);
    if (own !== undefined && files.has(own) && !roots.includes(own)) roots.push(own);
    const [first] = roots;
    const binaries = binariesOf(manifest, files);
    return first === undefined
      ? binaries
      : [...binaries, { name: name.replaceAll("-", "_"), manifest, folder: folderOf(first), roots }];
  });
  return found.sort((a, b) => b.folder.length - a.folder.length || (a.folder < b.folder ? -1 : 1));
}

/** `src/bin/tool/main.rs` is a crate of its own, which nobody can name. */
function binariesOf(manifest: string, files: FileSet): Crate[] {
  const folder = manifest === "" ? "src/bin" : `${manifest}/src/bin`;
  return files
    .named("main.rs")
    .filter((path) => folderOf(folderOf(path)) === folder)
    .map((path) => ({ name: "", manifest: folderOf(path), folder: folderOf(path), roots: [path] }));
}

/** `key = "text"` by section; of repeated sections the first. */
function readSections(text: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let current = new Map<string, string>();
  for (const line of text.split("\n")) {
    const section = /^\s*\[+\s*([\w.-]+)\s*\]+/.exec(line)?.[1];
    if (section !== undefined) {
      current = new Map();
      if (!sections.has(section)) sections.set(section, current);
      continue;
    }
    const entry = /^\s*([\w-]+)\s*=\s*["']([^"']*)["']/.exec(line);
    if (entry?.[1] !== undefined && entry[2] !== undefined) current.set(entry[1], entry[2]);
  }
  return sections;
}
