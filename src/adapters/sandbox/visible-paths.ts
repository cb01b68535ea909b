/** The real home and /tmp are hidden from agents; this finds what of them a command needs all the same: its own program and scripts. */
import { existsSync, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join } from "node:path";

/** Folders and files below one of `hidden` that must stay visible to run `command`; sorted, each once. */
export function visiblePaths(command: string[], hidden: string[]): string[] {
  const searched = (process.env.PATH ?? "").split(delimiter).filter(isAbsolute);
  const program = command[0] ?? "";
  const programs = program.includes("/") ? [program] : searched.map((folder) => join(folder, program));
  const named = command.flatMap((part) => absolutePaths(part));
  const found = [
    ...searched.flatMap((folder) => binFolder(folder, hidden)),
    ...[...programs, ...named].filter(existsSync).flatMap((file) => homeOf(file, hidden)),
  ];
  return [...new Set(found)].sort();
}

/** The folder among `hidden` that `path` lies below; the nearest one. */
export function hiddenBy(path: string, hidden: string[]): string | undefined {
  return hidden.filter((folder) => path.startsWith(`${folder}/`)).sort((a, b) => b.length - a.length)[0];
}

/** `/x`, and the value of `--option=/x`. */
function absolutePaths(part: string): string[] {
  const value = part.startsWith("-") ? part.slice(part.indexOf("=") + 1) : part;
  return isAbsolute(value) && !value.includes("\n") && value.length < 4_096 ? [value] : [];
}

/** A folder of PATH with what its programs need beside it: `~/tools/node/bin` stands for `~/tools/node`, `~/.local/bin` for itself. */
function binFolder(folder: string, hidden: string[]): string[] {
  const place = hiddenBy(folder, hidden);
  if (place === undefined || !existsSync(folder)) return [];
  const prefix = dirname(folder);
  if (hiddenBy(dirname(prefix), hidden) !== undefined) return [prefix];
  return [folder, join(prefix, "lib")].filter(existsSync);
}

/** The package a file belongs to, as it is named and where its links lead; else its folder; else the file alone. */
function homeOf(file: string, hidden: string[]): string[] {
  return [file, realpathSync(file)].flatMap((path) => {
    const place = hiddenBy(path, hidden);
    if (place === undefined) return [];
    const start = statSync(path).isDirectory() ? path : dirname(path);
    for (let folder = start; folder.startsWith(`${place}/`); folder = dirname(folder)) {
      if (existsSync(join(folder, "package.json"))) return [folder];
    }
    return [start.startsWith(`${place}/`) ? start : path];
  });
}
