/** One pack for each ref that was moved adds up: many small ones slow git down, and more than fifty start the user's `git gc --auto`. */
import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Engine } from "./engine.ts";
import { installPack, PACK_PARTS } from "./install-pack.ts";
import type { RepositoryLocation } from "./repository-location.ts";

/** Fewer are left as they are. */
const MANY = 24;
/** Larger packs are not copied again. */
const SMALL_BYTES = 10_000_000;

/** Engines whose packs this process is joining now. */
const joining = new Set<string>();

/** Notes a pack of ours in the user's repository. */
async function rememberPack({ packs }: Engine, pack: string): Promise<void> {
  await mkdir(packs, { recursive: true });
  await writeFile(join(packs, pack), "");
}

/**
 * Makes one pack of ours of many small ones, `added` among them, whose ref is there. Nothing depends on it: what fails is left for another
 * time.
 */
export async function joinPacks(location: RepositoryLocation, engine: Engine, added: string): Promise<void> {
  try {
    await rememberPack(engine, added);
    if (joining.has(engine.directory)) return;
    joining.add(engine.directory);
    await joinMany(location, engine).finally(() => joining.delete(engine.directory));
  } catch {
    // The packs are as good as they were.
  }
}

async function joinMany(location: RepositoryLocation, engine: Engine): Promise<void> {
  if ((await readdir(engine.packs)).length < MANY || (await isTended(location))) return;
  const small = await smallPacks(location, engine);
  if (small.length < MANY) return;
  const what = { args: ["--stdin-packs"], input: small.map((pack) => `${pack}.pack\n`).join("") };
  const source = { cwd: engine.directory, gitDir: engine.directory };
  const whole = await installPack(location, source, what, async (joined) => {
    for (const pack of small.filter((name) => name !== joined)) {
      for (const part of PACK_PARTS.toReversed()) {
        await rm(join(location.objects, "pack", `${pack}${part}`), { force: true });
      }
      await rm(join(engine.packs, pack), { force: true });
    }
  });
  await rememberPack(engine, whole);
}

/** A collection that runs now reads the packs; an index over several packs names them. */
async function isTended({ objects }: RepositoryLocation): Promise<boolean> {
  const signs = [join(dirname(objects), "gc.pid"), join(objects, "pack", "multi-pack-index")];
  return (await Promise.all(signs.map(bytesOf))).some((bytes) => bytes !== undefined);
}

/** Small packs of ours that are still there; those that are gone, or have grown large, are forgotten. */
async function smallPacks(location: RepositoryLocation, engine: Engine): Promise<string[]> {
  const small: string[] = [];
  for (const pack of (await readdir(engine.packs)).sort()) {
    const file = join(location.objects, "pack", pack);
    const bytes = await bytesOf(`${file}.pack`);
    const isKept = (await bytesOf(`${file}.keep`)) !== undefined;
    if (bytes === undefined || bytes > SMALL_BYTES) await rm(join(engine.packs, pack), { force: true });
    else if (!isKept) small.push(pack);
  }
  return small;
}

async function bytesOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ size }) => size,
    () => undefined,
  );
}
