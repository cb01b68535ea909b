/** `fs/write_text_file` of the protocol: a write that Forkjoin makes for the agent, inside the task's scope or not at all. */
import { constants } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { RequestError } from "@agentclientprotocol/sdk";
import type { Boundary } from "../../../core/model/boundary.ts";
import { writablePath } from "./workspace-path.ts";

const REFUSED = -32_001;
const { O_CREAT, O_NOFOLLOW, O_TRUNC, O_WRONLY } = constants;

/** Throws what the protocol answers with: the agent is told which path and why. */
export async function writeTextFile(
  file: { path: string; content: string },
  { workspace, boundary }: { workspace: string; boundary: Boundary },
): Promise<void> {
  const target = writablePath(workspace, file.path, boundary);
  if (!target.ok) throw new RequestError(REFUSED, `${file.path} was not written: ${target.why}`, { path: file.path });
  await mkdir(dirname(target.path), { recursive: true });
  await using handle = await open(target.path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o644);
  await handle.writeFile(file.content);
}
