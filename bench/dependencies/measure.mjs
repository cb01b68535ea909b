/** Runs a command and says what it cost: CPU seconds of the whole process tree, peak memory, wall time. */
import { spawnSync } from "node:child_process";

const PROGRAM = `
import json, resource, subprocess, sys, time
start = time.time()
done = subprocess.run(json.loads(sys.argv[1]), cwd=sys.argv[2], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"code": done.returncode, "cpu_s": used.ru_utime + used.ru_stime, "rss_mb": used.ru_maxrss / 1024,
  "wall_s": time.time() - start, "head": done.stdout[:300].decode("utf8", "replace"), "bytes": len(done.stdout)}))
`;

export function measure(command, cwd) {
  const { stdout } = spawnSync("python3", ["-c", PROGRAM, JSON.stringify(command), cwd], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  return JSON.parse(stdout);
}

/** Each command in turn, `rounds` times over, so that a busy moment of the machine meets them all; medians. */
export function interleaved(commands, rounds) {
  const runs = new Map(commands.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, command, cwd } of commands) runs.get(name).push(measure(command, cwd));
  }
  const median = (list, key) => list.map((run) => run[key]).sort((a, b) => a - b)[Math.floor(list.length / 2)];
  return [...runs].map(([name, list]) => {
    return {
      name,
      runs: list.length,
      code: list[0].code,
      cpu_s: median(list, "cpu_s"),
      rss_mb: median(list, "rss_mb"),
      wall_s: median(list, "wall_s"),
      head: list[0].head,
      bytes: list[0].bytes,
    };
  });
}
