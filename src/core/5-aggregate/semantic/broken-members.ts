/** A method went, and another task newly calls one of that name on the same type: seen by the name, since no type checker runs (phase 5.2). */
import { lineOf } from "./calls.ts";
import { countWord, escaped, plainCode } from "./code-text.ts";
import type { Finding } from "./finding.ts";
import type { Trees } from "./trees.ts";

const BY_NAME = 0.6;

interface LostMember {
  path: string;
  owner: string;
  name: string;
}

/** `paths`: code files the user's side changed; `changed`: those of the other side. */
export async function brokenMembers(
  { paths, changed }: { paths: string[]; changed: string[] },
  trees: Trees,
  side: Finding["side"],
): Promise<Finding[]> {
  const lost = changed.flatMap((path) => lostMembers(path, trees));
  const found: Finding[] = [];
  for (const member of lost) {
    if (isStillSomewhere(member.name, trees)) continue;
    for (const path of paths) {
      const finding = await calledIn(path, member, { trees, side });
      if (finding !== undefined) found.push(finding);
    }
  }
  return found;
}

/** Methods that the user's side knew and the merged tree has no more, although their type is still there. */
function lostMembers(path: string, { base, user, merged }: Trees): LostMember[] {
  const kept = new Set(merged.index.factsOf(path)?.symbols.map((symbol) => symbol.name));
  const known = user.index.factsOf(path) ?? base.index.factsOf(path);
  return (known?.symbols ?? []).flatMap(({ name }) => {
    const dot = name.lastIndexOf(".");
    const owner = name.slice(0, dot);
    return dot > 0 && !kept.has(name) && kept.has(owner) ? [{ path, owner, name: name.slice(dot + 1) }] : [];
  });
}

function isStillSomewhere(name: string, { merged }: Trees): boolean {
  return merged.index.read().some(([, facts]) => facts.symbols.some((symbol) => symbol.name.endsWith(`.${name}`)));
}

async function calledIn(
  path: string,
  member: LostMember,
  { trees, side }: { trees: Trees; side: Finding["side"] },
): Promise<Finding | undefined> {
  const language = trees.user.index.languageOf(path) ?? "";
  const code = plainCode(await trees.user.text(path), language);
  const before = plainCode(await trees.base.text(path), language);
  if (countWord(code, member.owner) === 0 && path !== member.path) return undefined;
  const call = new RegExp(`\\.\\s*${escaped(member.name)}\\s*\\(`, "g");
  const [first, ...more] = [...code.matchAll(call)];
  if (first === undefined || 1 + more.length <= [...before.matchAll(call)].length) return undefined;
  const full = `${member.owner}.${member.name}`;
  const line = lineOf(code, first.index);
  const source = await trees.user.excerpt(member.path, full);
  return {
    kind: "removed",
    symbol: member.name,
    path,
    line,
    side,
    confidence: BY_NAME,
    why: `${path}:${line} calls ${member.name}, and ${full} of ${member.path} is gone`,
    other: {
      kind: "removed",
      path: member.path,
      line: trees.user.symbol(member.path, full)?.line ?? 1,
      ...(source === undefined ? {} : { before: source }),
    },
  };
}
