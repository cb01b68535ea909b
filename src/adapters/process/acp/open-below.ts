/** Opens a file that Forkjoin writes for an agent which works meanwhile: one folder after the other, so that no link it puts there is followed. */
import { closeSync, constants, mkdirSync, openSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";

const { O_CREAT, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_TRUNC, O_WRONLY } = constants;
/** Elsewhere than on Linux folders are reached by their names. */
const BY_DESCRIPTOR = process.platform === "linux";

/** `path` is relative to `root`; folders on the way are made. Throws where one of them is a link. */
export async function openBelow(root: string, path: string): Promise<FileHandle> {
  const names = path.split("/");
  const file = names.pop() ?? "";
  const held: number[] = [];
  try {
    const folder = BY_DESCRIPTOR ? reach(root, names, held) : join(root, ...names);
    if (!BY_DESCRIPTOR) mkdirSync(folder, { recursive: true });
    return await open(`${folder}/${file}`, O_WRONLY | O_CREAT | O_TRUNC | (O_NOFOLLOW ?? 0) | O_NONBLOCK, 0o644);
  } finally {
    for (const descriptor of held) closeSync(descriptor);
  }
}

function reach(root: string, names: string[], held: number[]): string {
  const enter = (place: string): string => {
    const descriptor = openSync(place, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    held.push(descriptor);
    return `/proc/self/fd/${descriptor}`;
  };
  return names.reduce((folder, name) => {
    const place = `${folder}/${name}`;
    try {
      mkdirSync(place);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    return enter(place);
  }, enter(root));
}
