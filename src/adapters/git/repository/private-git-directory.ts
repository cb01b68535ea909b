/** A git directory of ours that borrows the user's objects: it has no hooks, filters, drivers or configuration that anyone could plant. */
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RepositoryLocation } from "./repository-location.ts";

/**
 * Makes `directory` a git directory with nothing but what objects and file names need; existing ones are rewritten to the same.
 * `borrowed` are folders of objects to read from besides the user's, `more` is configuration of ours.
 */
export async function makePrivateGitDirectory(
  directory: string,
  location: RepositoryLocation,
  borrowed: string[],
  more = "",
): Promise<void> {
  for (const folder of borrowed) await mkdir(folder, { recursive: true });
  await mkdir(join(directory, "refs", "heads"), { recursive: true });
  await mkdir(join(directory, "objects", "info"), { recursive: true });
  await mkdir(join(directory, "info"), { recursive: true });
  await put(join(directory, "HEAD"), "ref: refs/heads/none\n");
  await put(join(directory, "config"), `${privateConfig(location)}${more}`);
  await put(join(directory, "objects", "info", "alternates"), [location.objects, ...borrowed, ""].join("\n"));
  await put(join(directory, "info", "exclude"), location.exclude);
  if (location.shallow !== undefined) await put(join(directory, "shallow"), location.shallow);
}

/** File replaced in one step where its content differs, as it does after a crash cut it short: another process may be using the directory. */
async function put(file: string, content: string): Promise<void> {
  if (await wroteNew(file, content)) return;
  if ((await readFile(file, "utf8").catch(() => undefined)) === content) return;
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, content);
  await rename(draft, file);
}

/** Writes the file when there is none. */
async function wroteNew(file: string, content: string): Promise<boolean> {
  try {
    await writeFile(file, content, { flag: "wx" });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Only the keys that decide how content maps to files are taken over from the user's repository. What has to outlive a power cut is put
 * there, and made durable on the way.
 */
function privateConfig(location: RepositoryLocation): string {
  const extensions =
    location.objectFormat === "sha1" ? "" : `[extensions]\n\tobjectFormat = ${location.objectFormat}\n`;
  const version = location.objectFormat === "sha1" ? 0 : 1;
  const carried = location.safeConfig.map(([key, value]) => `\t${key} = ${JSON.stringify(value)}\n`).join("");
  const user = `[user]\n\tname = ${JSON.stringify(location.identity.name)}\n\temail = ${JSON.stringify(location.identity.email)}\n`;
  return `[core]\n\trepositoryformatversion = ${version}\n\tbare = false\n\tlogAllRefUpdates = false\n\tfsync = none\n${carried}${extensions}${user}[gc]\n\tauto = 0\n[pack]\n\twriteReverseIndex = false\n`;
}
