/** Phase 0, action 3: the one small language of auto-inject rules, `task_type == 'a' OR primary_agent IN ['x', 'y']`; nothing is evaluated. */

export interface ConditionTerm {
  field: "task_type" | "primary_agent";
  values: string[];
}

const QUOTED = /'([^']*)'|"([^"]*)"/g;
const TERM =
  /\s*(task_type|primary_agent)\s*(?:==\s*('[^']*'|"[^"]*")|IN\s*\[\s*((?:'[^']*'|"[^"]*")(?:\s*,\s*(?:'[^']*'|"[^"]*"))*)\s*\])\s*/y;
const OR = /OR(?=\s)/y;

/** The alternatives of a condition, one of which must hold; undefined when it is written in another language. */
export function readCondition(condition: string): ConditionTerm[] | undefined {
  const terms: ConditionTerm[] = [];
  let at = 0;
  for (;;) {
    const term = matchAt(TERM, condition, at);
    if (term === undefined) return undefined;
    terms.push({
      field: term[1] === "task_type" ? "task_type" : "primary_agent",
      values: valuesIn(term[2] ?? term[3] ?? ""),
    });
    at += term[0].length;
    if (at === condition.length) return terms;
    const or = matchAt(OR, condition, at);
    if (or === undefined) return undefined;
    at += or[0].length;
  }
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function valuesIn(list: string): string[] {
  return [...list.matchAll(QUOTED)].map((match) => match[1] ?? match[2] ?? "");
}
