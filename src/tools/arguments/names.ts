/** Names of arguments as models write them: another spelling of one that exists, a usual synonym, or none, with the nearest that exists. */

/** Synonym → what it may stand for; the first that the tool has and the call does not give is meant. */
const ARGUMENTS = new Map<string, string[]>([
  ["id", ["run_id", "conflict_id", "task_id", "lease"]],
  ["run", ["run_id"]],
  ["task", ["task_id", "request"]],
  ["batch", ["batch_id"]],
  ["batch_number", ["batch_id"]],
  ["conflict", ["conflict_id"]],
  ["question", ["conflict_id"]],
  ["question_id", ["conflict_id"]],
  ["request_id", ["conflict_id"]],
  ["lease_id", ["lease"]],
  ["lease_token", ["lease"]],
  ["token", ["lease"]],
  ["repository", ["repo"]],
  ["repo_path", ["repo"]],
  ["cwd", ["repo"]],
  ["directory", ["repo"]],
  ["prompt", ["request"]],
  ["goal", ["request"]],
  ["query", ["request"]],
  ["description", ["request", "reason", "summary"]],
  ["task_list", ["tasks"]],
  ["subtasks", ["tasks"]],
  ["branch", ["base"]],
  ["ref", ["base"]],
  ["base_branch", ["base"]],
  ["parallel", ["max_parallel"]],
  ["parallelism", ["max_parallel"]],
  ["concurrency", ["max_parallel"]],
  ["max_concurrency", ["max_parallel"]],
  ["max_agents", ["max_parallel"]],
  ["executor", ["agent"]],
  ["agent_name", ["agent"]],
  ["status", ["outcome"]],
  ["result", ["outcome"]],
  ["message", ["summary", "reason"]],
  ["notes", ["summary"]],
  ["edits", ["changes"]],
  ["files", ["changes"]],
  ["paths", ["files"]],
  ["file", ["files"]],
  ["why", ["reason"]],
  ["justification", ["reason"]],
  ["decision", ["choice"]],
  ["resolution", ["choice"]],
  ["answer", ["choice"]],
  ["resolved_content", ["content"]],
  ["text", ["content"]],
  ["conflict_resolution", ["strategy"]],
  ["merge_strategy", ["strategy"]],
  ["checks", ["validate"]],
  ["validation", ["validate"]],
  ["wait", ["wait_seconds"]],
  ["timeout", ["wait_seconds"]],
  ["timeout_seconds", ["wait_seconds"]],
  ["includes", ["include"]],
  ["parts", ["include"]],
  ["budget", ["budget_tokens"]],
  ["token_budget", ["budget_tokens"]],
]);

const TASK_FIELDS = new Map<string, string[]>([
  ["dependencies", ["depends_on"]],
  ["deps", ["depends_on"]],
  ["depends", ["depends_on"]],
  ["dependency", ["depends_on"]],
  ["needs", ["depends_on"]],
  ["requires", ["depends_on"]],
  ["after", ["depends_on"]],
  ["blocked_by", ["depends_on"]],
  ["prerequisites", ["depends_on"]],
  ["risk", ["risk_level"]],
  ["name", ["title"]],
  ["subject", ["title"]],
  ["file", ["files"]],
  ["path", ["files"]],
  ["paths", ["files"]],
  ["scope", ["files"]],
  ["file_paths", ["files"]],
  ["files_to_modify", ["files"]],
  ["desc", ["description"]],
  ["prompt", ["description"]],
  ["task", ["description"]],
  ["estimate", ["estimated"]],
  ["duration", ["estimated"]],
  ["estimated_time", ["estimated"]],
  ["time_estimate", ["estimated"]],
  ["minutes", ["estimated"]],
  ["estimated_minutes", ["estimated"]],
  ["estimate_minutes", ["estimated"]],
  ["duration_minutes", ["estimated"]],
  ["conflicts", ["conflicts_with"]],
  ["lock", ["locks"]],
  ["mutex", ["locks"]],
  ["symbols", ["modifies"]],
  ["permissions", ["access"]],
  ["agent_name", ["agent"]],
  ["executor", ["agent"]],
  ["tests", ["checks"]],
]);

export const SYNONYMS = { argument: ARGUMENTS, task: TASK_FIELDS };

/** The existing name that `written` stands for, among those that `given` leaves free; undefined for none. */
export function meantBy(
  written: string,
  known: string[],
  synonyms: Map<string, string[]>,
  given: string[],
): string | undefined {
  if (known.includes(written)) return written;
  const snake = written
    .trim()
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[\s.-]+/g, "_")
    .toLowerCase();
  if (known.includes(snake)) return snake;
  return synonyms.get(snake)?.find((name) => known.includes(name) && !given.includes(name));
}

/** The existing name that `written` is most like; undefined when it is like none. */
export function nearestName(written: string, known: string[]): string | undefined {
  const low = written.toLowerCase();
  const ranked = known
    .map((name) => ({ name, far: name.includes(low) || low.includes(name) ? 1 : distance(low, name) }))
    .sort((a, b) => a.far - b.far);
  const [best] = ranked;
  return best !== undefined && best.far <= Math.max(2, Math.floor(low.length / 3)) ? best.name : undefined;
}

/** Levenshtein's distance, row by row. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, match] of [...other].entries()) {
      const change = (row[j] ?? 0) + (letter === match ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
