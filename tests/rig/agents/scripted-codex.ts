/** Four tasks for codex, what its scripted "model" does for each, and settings that lead it to that model and nowhere else. */
import { dirname } from "node:path";
import type { Project } from "./project.ts";
import type { Asked, Move, ScriptedModel } from "./scripted-model.ts";

export const FILES = {
  "README.md": "# Shop\n",
  "src/price.js": "export const price = 1;\n",
  "src/name.js": "export const name = 1;\n",
};

export const TASKS = [
  { id: "price", description: "Set the price to 2", files: ["src/price.js"] },
  { id: "name", description: "Set the name to shop", files: ["src/name.js"] },
  { id: "docs", description: "Write docs/use.md", files: ["docs/**"], category: "documentation" },
  { id: "greedy", description: "Write src/greedy.js", files: ["src/greedy.js"] },
];

/** Three do what they are asked; greedy writes outside its scope as well. Whoever asks without a task is only greeted. */
export function play({ task, step, attempt }: Asked): Move {
  if (step > 0 || task === "") return { say: "Done." };
  switch (task) {
    case "price":
      return { run: "printf 'export const price = 2;\\n' > src/price.js" };
    case "name":
      return { run: "printf 'export const name = \"shop\";\\n' > src/name.js" };
    case "docs":
      return { run: "mkdir -p docs && printf '# Use\\n' > docs/use.md" };
    default:
      return { run: `printf 'greedy ${attempt}\\n' > src/greedy.js; printf x >> README.md; echo out > ../outside.txt` };
  }
}

/** Settings, log-in and data lie in a folder of the test's own; the key is a dummy, nothing leaves the machine. */
export function codexEnvironment(project: Project, model: ScriptedModel): { CODEX_HOME: string; SCRIPTED_KEY: string } {
  const settings = project.file(
    "codex-home/config.toml",
    [
      ...['model = "scripted"', 'model_provider = "scripted"', "[model_providers.scripted]", 'name = "Scripted"'],
      ...[`base_url = "${model.url}"`, 'env_key = "SCRIPTED_KEY"', 'wire_api = "responses"'],
      ...["request_max_retries = 0", "stream_max_retries = 0"],
    ].join("\n"),
  );
  return { CODEX_HOME: dirname(settings), SCRIPTED_KEY: "dummy-key-0123456789" };
}
