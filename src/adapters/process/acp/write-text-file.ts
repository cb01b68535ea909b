/** `fs/write_text_file` of the protocol: a write that Forkjoin makes for the agent, inside the task's scope or not at all. */
import { RequestError } from "@agentclientprotocol/sdk";
import type { Boundary } from "../../../core/model/boundary.ts";
import { openBelow } from "./open-below.ts";
import { writablePath } from "./workspace-path.ts";

const REFUSED = -32_001;

/** Throws what the protocol answers with: the agent is told which path and why. */
export async function writeTextFile(
  file: { path: string; content: string },
  { workspace, boundary }: { workspace: string; boundary: Boundary },
): Promise<void> {
  const target = writablePath(workspace, file.path, boundary);
  if (!target.ok) throw new RequestError(REFUSED, `${file.path} was not written: ${target.why}`, { path: file.path });
  await using handle = await openBelow(target.root, target.inside);
  await handle.writeFile(file.content);
}
