/** Homes, temporary folders and their like are hidden from agents; this finds what of them a command needs all the same: its own program and scripts. */
import { existsSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { programFiles, searched } from "./program-files.ts";

/** Folders and files below one of `hidden` that must stay visible to run `command`; sorted, each once. None of them is a hidden place as a whole. */
export function visiblePaths(command: string[], hidden: string[]): string[] {
  const found = [
    ...searched().flatMap((folder) => binFolder(folder, hidden)),
    ...programFiles(command).flatMap((file) => homeOf(file, hidden)),
  ];
  return [...new Set(found)].filter((path) => !holdsPlace(path, hidden)).sort();
}

/** The folder among `hidden` that `path` lies below; the nearest one. */
export function hiddenBy(path: string, hidden: string[]): string | undefined {
  return hidden.filter((folder) => path.startsWith(`${folder}/`)).sort((a, b) => b.length - a.length)[0];
}

/** A hidden place itself, or a folder with one in it: no command needs all of that. */
export function holdsPlace(path: string, hidden: string[]): boolean {
  return hidden.some((place) => place === path || place.startsWith(`${path}/`));
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
    const isFolder = statSync(path).isDirectory();
    const start = isFolder ? path : dirname(path);
    for (let folder = start; folder.startsWith(`${place}/`); folder = dirname(folder)) {
      if (["package.json", "pyvenv.cfg"].some((name) => existsSync(join(folder, name)))) return [folder];
    }
    const prefix = dirname(start);
    // A program in a `bin` has its parts beside that; `~/bin` and `~/.local/bin` hold those of many.
    if (basename(start) === "bin" && hiddenBy(dirname(prefix), hidden) !== undefined) return [prefix];
    return [start.startsWith(`${place}/`) ? start : path];
  });
}
