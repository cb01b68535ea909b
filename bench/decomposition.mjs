/** Ways to cut a change to every source file of real repositories, as `decompose_work` without tasks compares them. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compose } from "../build/compose.js";

const folder = process.env.FORKJOIN_BENCH_REPOS;
if (folder === undefined) {
  process.stdout.write("skipped: FORKJOIN_BENCH_REPOS names no folder of clones\n");
  process.exit(0);
}
const home = mkdtempSync(join(tmpdir(), "forkjoin-bench-"));
process.env.FORKJOIN_HOME = home;
const composed = await compose({});
if (!composed.ok) throw new Error(composed.error.message);
const { orchestrator, close } = composed.value;
for (const name of readdirSync(folder).sort()) {
  const help = await orchestrator.helpDecompose({ request: "Change every file", repo: join(folder, name) });
  if (!help.ok) {
    process.stdout.write(`${name}: skipped, ${help.error.message}\n`);
    continue;
  }
  process.stdout.write(`${name}: ${help.value.looked_at}\n`);
  for (const { name: cut, tasks, estimated_parallel_time, estimated_speedup, imports_across } of help.value
    .partitions) {
    process.stdout.write(
      `  ${cut}: ${tasks} tasks, ${estimated_parallel_time}, speed-up ${estimated_speedup}, ${imports_across} imports across\n`,
    );
  }
}
await close();
rmSync(home, { recursive: true, force: true });
