/** Runs the project's tests in the workspace, as a careful agent does before it says that it is done. */
import { spawnSync } from "node:child_process";

/** true when they pass; says how many did. */
export function runOwnTests(say) {
  const { status, stdout } = spawnSync(process.execPath, ["--test", "--test-reporter=tap"], { encoding: "utf8" });
  const count = (name) => new RegExp(`^# ${name} (\\d+)$`, "m").exec(stdout)?.[1] ?? "?";
  say(`Ran the project's tests: ${count("pass")} passed, ${count("fail")} failed`);
  return status === 0;
}
