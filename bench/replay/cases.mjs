/** The cases as they lie in the data folder, and what the product is told about one: its tasks. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export function readCases(folder) {
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return files.sort().map((name) => {
    const replayed = JSON.parse(readFileSync(join(folder, name), "utf8"));
    return { ...replayed, bundle: join(folder, replayed.bundle) };
  });
}

/** Those whose name begins with one of `names`; all when there are none. */
export function chooseCases(cases, names) {
  const unknown = names.filter((name) => !cases.some(({ id }) => id.startsWith(name)));
  if (unknown.length > 0) throw new Error(`no case ${unknown.join(", ")}; there are ${cases.map(({ id }) => id)}`);
  return names.length === 0 ? cases : cases.filter(({ id }) => names.some((name) => id.startsWith(name)));
}

/** One task per commit, with exactly the commit's paths: both names of what it renamed. */
export function taskFile({ id, tasks }) {
  return { request: `replay ${id}`, tasks: tasks.map(toTask) };
}

function toTask({ id, subject, files, needs, conflictsWith }) {
  const paths = files.flatMap(({ path, old }) => (old === undefined ? [path] : [path, old]));
  return {
    id,
    description: subject,
    files: [...new Set(paths)].sort(),
    estimated: "5min",
    depends_on: needs,
    conflicts_with: conflictsWith,
    ...(paths.length === 0 ? { allow_empty: true } : {}),
  };
}

/** Whether plain git reaches upstream's tree: by waves, and by waves in which conflicting tasks take turns. */
export function expectation({ plan }) {
  return { waves: plan.treeEqualsHead, serialised: plan.wavesWithConflictsSerialised?.treeEqualsHead };
}
