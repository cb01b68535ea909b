/** Which files each commit changed; renames are not looked for, because that would read contents a partial clone lacks. */
import { type GitPlace, runGit } from "../git.ts";

/** Character that `%x01` prints before each commit. */
const MARK = "\u0001";

export async function readHistory(place: GitPlace, commit: string, count: number): Promise<string[][]> {
  const args = ["log", "-z", "--name-only", "--no-renames", "--no-merges", "--no-show-signature", "--no-ext-diff"];
  const format = ["--no-color", "--format=%x01", `--max-count=${count}`, "--end-of-options", commit];
  const { stdout } = await runGit(place, [...args, ...format]);
  const commits = stdout.toString("utf8").split(MARK).slice(1);
  return commits.map((text) =>
    text.split("\0").flatMap((path) => (path.trim() === "" ? [] : [path.replace(/^\n/, "")])),
  );
}
