/** Answers an agent's question at the moment it asks: from the task's boundary, never for longer than once. */
import type { RequestPermissionRequest, RequestPermissionResponse, ToolCallUpdate } from "@agentclientprotocol/sdk";
import { z } from "zod";
import type { Boundary } from "../../../core/model/boundary.ts";
import { writablePath } from "./workspace-path.ts";

export interface Policy {
  workspace: string;
  boundary: Boundary;
  /** whether commands and fetches, which no file boundary can judge, are granted */
  execute: boolean;
}

export interface Answer {
  response: RequestPermissionResponse;
  /** what was refused and why; absent when it was granted */
  denied?: string;
}

export function answerPermission({ toolCall, options }: RequestPermissionRequest, policy: Policy): Answer {
  const optionOf = (...kinds: string[]): string | undefined =>
    kinds.flatMap((kind) => options.find((option) => option.kind === kind)?.optionId ?? [])[0];
  const once = optionOf("allow_once");
  const why = objection(toolCall, policy) ?? (once === undefined ? "it could not be granted for this once" : undefined);
  if (why === undefined && once !== undefined) return { response: selected(once) };
  const no = optionOf("reject_once", "reject_always");
  const denied = `${toolCall.title ?? toolCall.kind ?? "a tool call"}: ${why}`;
  return { response: no === undefined ? { outcome: { outcome: "cancelled" } } : selected(no), denied };
}

function selected(optionId: string): RequestPermissionResponse {
  return { outcome: { outcome: "selected", optionId } };
}

/** Why not; undefined when it may. */
function objection(call: ToolCallUpdate, policy: Policy): string | undefined {
  switch (call.kind) {
    case "read":
    case "search":
    case "think":
      return undefined;
    case "edit":
    case "delete":
    case "move":
      return fileObjection(call, policy);
    case "execute":
    case "fetch":
      return policy.execute ? undefined : `${call.kind} is not allowed here`;
    default:
      return `${call.kind ?? "a call of unknown kind"} is not allowed`;
  }
}

function fileObjection(call: ToolCallUpdate, { workspace, boundary }: Policy): string | undefined {
  const paths = pathsOf(call);
  if (paths.length === 0) return "it does not say which file";
  for (const path of paths) {
    const judged = writablePath(workspace, path, boundary);
    if (!judged.ok) return `${path}: ${judged.why}`;
  }
  return undefined;
}

const Named = z.string().optional().catch(undefined);
const RawInput = z
  .object({
    path: Named,
    file_path: Named,
    filePath: Named,
    absolute_path: Named,
    notebook_path: Named,
    source: Named,
    destination: Named,
    from: Named,
    to: Named,
  })
  .catch({});

/** Every path the call names, wherever agents put them. */
function pathsOf({ locations, content, rawInput }: ToolCallUpdate): string[] {
  const located = (locations ?? []).map((location) => location.path);
  const diffs = (content ?? []).flatMap((part) => (part.type === "diff" ? [part.path] : []));
  const raw = Object.values(RawInput.parse(rawInput ?? {})).filter((path) => path !== undefined);
  return [...new Set([...located, ...diffs, ...raw])];
}
