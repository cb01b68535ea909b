/** Durable steps in the file system: renames, removals, new folders and links, files that may only be opened once. What changes nothing is none. */
import fs from "node:fs";

const exists = (path) => fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined;
const isNew = (path) => !exists(path);

/** function → whether these arguments change anything, and what they are about */
const STEPS = {
  rename: [() => true, (from, to) => `${from} to ${to}`],
  rm: [exists, (path) => path],
  rmdir: [exists, (path) => path],
  unlink: [exists, (path) => path],
  mkdir: [isNew, (path) => path],
  mkdtemp: [() => true, (prefix) => prefix],
  link: [() => true, (target, path) => `${path} to ${target}`],
  symlink: [() => true, (target, path) => `${path} to ${target}`],
  cp: [() => true, (from, to) => `${from} to ${to}`],
  copyFile: [() => true, (from, to) => `${from} to ${to}`],
  open: [(path, flags) => isExclusive(flags) && isNew(path), (path) => path],
};

export function hookFiles(begin) {
  loadRemoval();
  const named = Object.entries(STEPS).map(([name, [changes, about]]) => {
    const verb = name === "open" ? "lock" : name;
    return [name, (args) => (changes(...args) ? begin(`${verb} ${about(...args)}`) : undefined)];
  });
  for (const [name, start] of named) {
    fs.promises[name] = promised(fs.promises[name], start);
    fs[name] = withCallback(fs[name], start);
    fs[`${name}Sync`] = synchronous(fs[`${name}Sync`], start);
  }
}

function promised(original, start) {
  return async (...args) => {
    const over = start(args);
    const value = await original(...args);
    over?.();
    return value;
  };
}

function withCallback(original, start) {
  return (...args) => {
    const over = start(args);
    const callback = args.pop();
    return original(...args, (...values) => {
      over?.();
      callback(...values);
    });
  };
}

function synchronous(original, start) {
  return (...args) => {
    const over = start(args);
    const value = original(...args);
    over?.();
    return value;
  };
}

function isExclusive(flags) {
  return typeof flags === "number" ? (flags & fs.constants.O_EXCL) !== 0 : /x/.test(flags ?? "r");
}

/** Node loads the removal of whole folders when it is first used, and takes the functions it is made of then: unhooked ones, so that a removal is one step. */
function loadRemoval() {
  fs.rmSync("/nonexistent/crash-rig", { recursive: true, force: true });
  fs.rm("/nonexistent/crash-rig", { recursive: true, force: true }, () => undefined);
}
