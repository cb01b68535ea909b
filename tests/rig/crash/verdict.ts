/** What is wrong with a run that was killed and resumed, measured at one that was left alone; nothing, where the promise holds. */
import type { Observation } from "./observe.ts";

/** How far its tasks came is a matter of when it was cancelled. */
const CANCELLED = "cancelled";
const ENDED = ["complete", "partial", "failed", "success"];

export function problems(seen: Observation, undisturbed: Observation): string[] {
  return [
    ...(seen.state === undisturbed.state ? [] : [`the run is ${seen.state}, undisturbed it is ${undisturbed.state}`]),
    ...taskProblems(seen, undisturbed),
    ...(seen.tree === undisturbed.tree
      ? []
      : [`the branch has another tree${seen.tree === "none" ? ": there is none" : ""}`]),
    ...mergeProblems(seen.merged, undisturbed.merged),
    ...refProblems(seen, undisturbed),
    ...leftovers(seen, undisturbed),
    ...(seen.untouched ? [] : ["the user's checkout has changed"]),
    ...(seen.checkout === undisturbed.checkout ? [] : [`the user's branch is not what was to land: ${seen.checkout}`]),
    ...seen.damage.map((line) => `the repository is damaged: ${line}`),
  ];
}

/** What is there and should not be, however the run ended. */
export function leftovers(seen: Observation, undisturbed: Observation): string[] {
  return [
    ...leftBehind("left in the state folder", seen.state_files, undisturbed.state_files),
    ...seen.locks.map((path) => `lock left: .git/${path}`),
    ...seen.processes.map((line) => `process left: ${line.slice(0, 160)}`),
  ];
}

/** A run that is over has no task to do; one that waits for a person has those tasks to do that it would have had anyway. */
function taskProblems(seen: Observation, undisturbed: Observation): string[] {
  if (seen.state === CANCELLED) return [];
  const names = [...new Set([...Object.keys(seen.tasks), ...Object.keys(undisturbed.tasks)])].sort();
  return names.flatMap((name) => {
    const [is, was] = [seen.tasks[name] ?? "unknown", undisturbed.tasks[name] ?? "unknown"];
    if (is === was) return [];
    const over = ENDED.includes(seen.state) ? `, and the run is ${seen.state}` : "";
    return [`task ${name} is ${is}${is === "pending" || is === "running" ? over : ""}; undisturbed it is ${was}`];
  });
}

function mergeProblems(seen: string[], undisturbed: string[]): string[] {
  const times = (list: string[], name: string): number => list.filter((one) => one === name).length;
  return [...new Set([...seen, ...undisturbed])].flatMap((name) =>
    times(seen, name) === times(undisturbed, name) ? [] : [`task ${name} is merged ${times(seen, name)} times`],
  );
}

/** What attempts that were lost had done is kept under refs of their own. */
function refProblems(seen: Observation, undisturbed: Observation): string[] {
  const kept = /^refs\/forkjoin\/RUN\/(attempts|rejected|lost)\//;
  const missing = undisturbed.refs.filter((ref) => !seen.refs.includes(ref) && seen.state !== CANCELLED);
  const more = seen.refs.filter((ref) => !kept.test(ref));
  return [...leftBehind("ref left", more, undisturbed.refs), ...missing.map((ref) => `ref missing: ${ref}`)];
}

function leftBehind(what: string, seen: string[], undisturbed: string[]): string[] {
  const more = seen.filter((name) => !undisturbed.includes(name));
  const tops = more.filter((name) => !more.some((other) => name.startsWith(`${other}/`)));
  return tops.map((name) => `${what}: ${name}`);
}
