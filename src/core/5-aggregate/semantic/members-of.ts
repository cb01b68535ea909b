/** The fields and methods of a type as its users see them: which of them one version has and the next has not (phase 5.2). */
import { closing, plainCode, splitTop } from "./code-text.ts";
import { squeezed } from "./signature.ts";

interface Member {
  text: string;
  optional: boolean;
}

interface TypeShape {
  members: Map<string, Member>;
  /** a new member must be provided by everyone who makes one */
  demands: boolean;
}

/** Why what was written for the type `before` does not fit `after`; undefined when it does, or when these are no types. */
export function shapeMisfit(before: string, after: string, language: string): string | undefined {
  const [old, now] = [shapeOf(before, language), shapeOf(after, language)];
  if (old === undefined || now === undefined) return undefined;
  for (const [name, member] of old.members) {
    const present = now.members.get(name);
    if (present === undefined) return `${name} is gone`;
    if (present.text !== member.text) return `${name} changed`;
    if (member.optional && !present.optional) return `${name} became required`;
  }
  for (const [name, member] of now.members) {
    if (now.demands && !old.members.has(name) && !member.optional) return `${name} is new and required`;
  }
  return undefined;
}

/** Interfaces, type literals, enumerations and structures; a class is judged by its constructor and methods elsewhere. */
function shapeOf(text: string, language: string): TypeShape | undefined {
  const code = plainCode(text, language);
  const head = /\b(interface|struct|enum|type)\b[^{=]*(?:=\s*)?(interface\s*|struct\s*)?\{/.exec(code);
  if (head === null) return undefined;
  const open = head.index + head[0].length - 1;
  const end = closing(code, open);
  if (end === undefined) return undefined;
  const kind = (head[2] ?? head[1] ?? "").trim();
  const kindOfGo = /\b(interface|struct)\s*\{$/.exec(head[0])?.[1] ?? kind;
  const listed = splitTop(code.slice(open + 1, end - 1), ";,\n").map(({ from, to }) => {
    return text.slice(open + 1 + from, open + 1 + to).trim();
  });
  return { members: membersIn(listed), demands: kindOfGo === "interface" || kindOfGo === "type" };
}

function membersIn(listed: string[]): Map<string, Member> {
  const members = new Map<string, Member>();
  for (const text of listed) {
    const found = /^(?:readonly\s+|pub\s+)?(["']?)([\w$]+)\1\s*(\?)?([\s\S]*)$/.exec(text);
    if (found === null) continue;
    members.set(found[2] ?? "", { text: squeezed(found[4] ?? ""), optional: found[3] === "?" });
  }
  return members;
}
