/** Which paths git ignores by the base commit's own rules: what an agent writes into `.gitignore` hides nothing. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type GitPlace, gitList, runGit } from "../git.ts";

/** The ignored ones of `paths`; `shadow` is a private git directory whose index may be used, `folder` one to work in. */
export async function ignoredPaths(request: {
  paths: string[];
  base: string;
  shadow: GitPlace;
  folder: string;
}): Promise<Set<string>> {
  if (request.paths.length === 0) return new Set();
  const rules = join(request.folder, "ignore-rules");
  await mkdir(rules, { recursive: true });
  const place = { ...request.shadow, workTree: rules, cwd: rules, indexFile: join(request.folder, "ignore-index") };
  const tracked = await gitList(place, ["ls-tree", "-r", "-z", "--name-only", "--full-tree", request.base]);
  const files = tracked.filter((path) => path === ".gitignore" || path.endsWith("/.gitignore"));
  if (files.length > 0) {
    await runGit(place, ["read-tree", request.base]);
    await runGit(place, ["checkout-index", "-f", "-z", "--stdin"], { input: files.join("\0") });
  }
  const input = request.paths.join("\0");
  return new Set(await gitList(place, ["check-ignore", "-z", "--stdin", "--no-index"], { input, accept: [1] }));
}
