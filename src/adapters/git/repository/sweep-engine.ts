/** Removal, once a day, of what nobody will need any more: objects that no ref ever asked for, and the leftovers of a killed process. */
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "./engine.ts";
import { DRAFT, KEPT } from "./install-pack.ts";
import type { RepositoryLocation } from "./repository-location.ts";

const DAY_MS = 86_400_000;
/** As long as git itself leaves what nothing needs. */
const OBJECT_MS = 14 * DAY_MS;

/** Sweep of the engine; files that cannot be removed stay for another day. */
export async function sweepEngine(location: RepositoryLocation, engine: Engine): Promise<void> {
  await sweep(location, engine).catch(() => undefined);
}

async function sweep(location: RepositoryLocation, engine: Engine): Promise<void> {
  const mark = join(engine.directory, "swept");
  if (!(await isOlder(mark, DAY_MS, true))) return;
  await writeFile(mark, "");
  for (const objects of [engine.objects, engine.written]) await sweepObjects(objects);
  await removeOldIn(engine.directory, (name) => /^(index|merge)-/.test(name));
  const packs = join(location.objects, "pack");
  for (const name of await namesIn(packs)) {
    const file = join(packs, name);
    const isOurs = name.endsWith(".keep") && (await readFile(file, "utf8").catch(() => "")) === KEPT;
    if (isOurs || name.startsWith(DRAFT)) await removeOld(file, DAY_MS);
  }
}

async function sweepObjects(objects: string): Promise<void> {
  await removeOldIn(objects, (name) => name.startsWith("tmp_"));
  const folders = (await namesIn(objects)).filter((name) => /^([0-9a-f]{2}|pack)$/.test(name));
  for (const folder of folders) {
    for (const name of await namesIn(join(objects, folder))) await removeOld(join(objects, folder, name), OBJECT_MS);
  }
}

async function removeOldIn(folder: string, isTemporary: (name: string) => boolean): Promise<void> {
  for (const name of (await namesIn(folder)).filter(isTemporary)) await removeOld(join(folder, name), DAY_MS);
}

async function removeOld(path: string, age: number): Promise<void> {
  if (await isOlder(path, age, false)) await rm(path, { recursive: true, force: true });
}

async function isOlder(path: string, age: number, absent: boolean): Promise<boolean> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs < Date.now() - age,
    () => absent,
  );
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
