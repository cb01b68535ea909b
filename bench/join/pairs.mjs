/** The pairs of features that the bench joins: from the manifest of the data, in clones of the repositories it names. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const IDENTITY = Object.fromEntries(
  ["AUTHOR", "COMMITTER"].flatMap((who) => [
    [`GIT_${who}_NAME`, "bench"],
    [`GIT_${who}_EMAIL`, "bench@localhost"],
  ]),
);

export function git(folder, args, input) {
  const env = { ...process.env, ...IDENTITY, GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" };
  return execFileSync("git", ["-C", folder, ...args], { env, input, encoding: "utf8", maxBuffer: 1 << 28 }).trim();
}

/** `kind` gold: the features as the libraries' authors would have them. real: what two agents wrote for them. */
export function readTasks(data, { kind, every, only }) {
  const { tasks } = JSON.parse(readFileSync(join(data, "manifest.json"), "utf8"));
  const wanted = tasks.filter(({ task }) => only === undefined || only.split(",").includes(task));
  return wanted.map(({ task, upstream, pairs, real_pairs }) => {
    const found =
      kind === "real"
        ? real_pairs.map(({ a, b }, at) => ({ features: [a, b], refs: [`${task}/r${at}-a`, `${task}/r${at}-b`] }))
        : pairs
            .filter((pair) => pair.git === "conflict")
            .map(({ a, b }) => ({ features: [a, b], refs: [`${task}/f${a}`, `${task}/f${b}`] }));
    return { task, upstream, pairs: found.filter((_, at) => at % every === 0) };
  });
}

/** A clone with a work tree of its own, in which every branch of the source is a branch; undefined where the source is absent. */
export function cloneOf(repositories, upstream, folder) {
  const source = join(repositories, upstream.replace("/", "+"));
  if (!existsSync(source)) return undefined;
  const place = join(folder, upstream.replace("/", "+"));
  if (existsSync(place)) return place;
  git(folder, ["clone", "-q", "--shared", "--no-checkout", source, place]);
  git(place, ["fetch", "-q", "-f", "--update-head-ok", "origin", "refs/heads/*:refs/heads/*"]);
  return place;
}

export function commitOf(place, ref) {
  const { status, stdout } = spawnSync("git", ["-C", place, "rev-parse", "-q", "--verify", `refs/heads/${ref}`]);
  return status === 0 ? stdout.toString().trim() : undefined;
}
