/** Finds in the brief of a retry why the attempt before it was not accepted. */
import { readFile } from "node:fs/promises";

const ABOUT_IT = /^#+ .*\battempt\b/i;
const AT_MOST_LINES = 3;

/** What stands under the heading about the last attempt, its hint left out, as one line, or words that say that nothing does. */
export async function whyTheLastAttemptFailed(briefFile) {
  const text = briefFile === undefined ? "" : await readFile(briefFile, "utf8");
  const lines = text.split("\n").map((line) => line.trim());
  const heading = lines.findIndex((line) => ABOUT_IT.test(line));
  if (heading === -1) return "it does not say";
  const below = lines.slice(heading + 1);
  const end = below.findIndex((line) => line.startsWith("#"));
  const section = end === -1 ? below : below.slice(0, end);
  return section
    .filter((line) => line !== "" && !line.startsWith("Hint:"))
    .slice(0, AT_MOST_LINES)
    .map((line) => line.replace(/^- /, ""))
    .join(" ");
}
