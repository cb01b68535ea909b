/** Writes docs/tools.md from the tool values; with --check it only says whether the file is as it should be. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { wireTool } from "../build/mcp/wire-tool.js";
import { coreTools, furtherTools } from "../build/tools/index.js";

const file = fileURLToPath(new URL("../docs/tools.md", import.meta.url));

function typeOf(schema) {
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(", ");
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(" or ");
  if (schema.type === "array") return `list of ${typeOf(schema.items ?? {})}`;
  return schema.type ?? "any";
}

function cell(text) {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

function inputTable(schema) {
  const required = new Set(schema.required ?? []);
  const rows = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const needed = required.has(name) && property.default === undefined ? "yes" : "";
    const fallback = property.default === undefined ? "" : `default ${JSON.stringify(property.default)}. `;
    return `| \`${name}\` | ${cell(typeOf(property))} | ${needed} | ${cell(fallback + (property.description ?? ""))} |`;
  });
  return ["| input | type | required | |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function section(tool) {
  const { name, title, description, inputSchema, outputSchema, annotations } = wireTool(tool);
  const common = ["summary", "run_id", "phase", "next", "notes", "error"];
  const fields = Object.keys(outputSchema.properties ?? {}).filter((field) => !common.includes(field));
  const effect = annotations.readOnlyHint
    ? "Changes nothing but the run's record."
    : "Changes refs, or starts or stops work.";
  return [
    `## ${name}`,
    `${title}. ${description} ${effect}`,
    inputTable(inputSchema),
    `Output: ${fields.map((field) => `\`${field}\``).join(", ")}.`,
  ].join("\n\n");
}

const text = `${[
  "# Tools",
  "Made from the tool values by `npm run docs`. Every answer is one flat object that always holds `summary`, and where they apply `run_id`, `phase`, `next` (the call that usually follows) and `error` (`code`, `message`, `hint`, `problems`). Usual names and forms of arguments are understood, and said in `notes`: camel case, `id`, `run` or `latest` for a run, a list as text, numbers as text, null for absent, `./src/`, an absolute path inside the repository, and for tasks `dependencies`, `risk`, `name`, `paths`, minutes as a number. An argument that does not exist is refused with the nearest name, before anything is done.",
  ...coreTools.map(section),
  "The tools below are offered where the server is started with `--toolset all`.",
  ...furtherTools.map(section),
].join("\n\n")}\n`;

if (process.argv.includes("--check")) {
  const present = (() => {
    try {
      return readFileSync(file, "utf8");
    } catch {
      return "";
    }
  })();
  if (present !== text) {
    console.error("docs/tools.md is out of date: run `npm run docs`");
    process.exit(1);
  }
} else {
  writeFileSync(file, text);
}
