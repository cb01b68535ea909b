/** Phase 0 for a repository without a knowledge graph: a first one from the documents it has, for its people to edit. */
import type { KnowledgeGraph } from "../model/knowledge-graph.ts";

type Topic = "instructions" | "contributing" | "overview" | "architecture" | "testing" | "operations" | "style";

const DOCUMENT = /\.(md|mdx|rst|adoc|txt)$/i;
/** Documents that are part of what they describe, or of somebody else's project. */
const ELSEWHERE = /(^|\/)(node_modules|vendor|third_party|fixtures?|testdata|examples?|\.git|dist|build)\//i;
const RECORDS = /(^|\/)(adrs?|decisions|rfcs?)\//i;
const NO_KNOWLEDGE =
  /(^|\/)(changelog|history|licen[cs]e|authors|code_of_conduct|requirements[^/]*|robots)(\.[^/]*)?$/i;

/** By the document's name or its folder; the first that fits. */
const TOPICS: [Topic, RegExp][] = [
  ["instructions", /(^|\/)(agents|claude|gemini|copilot-instructions|\.cursorrules)(\.md)?$/i],
  ["contributing", /(^|\/)(contributing|development|hacking)\.[^/]+$/i],
  ["architecture", /architect|design|overview|(^|\/)(adrs?|decisions|rfcs?)\//i],
  ["testing", /test|benchmark|quality/i],
  ["operations", /troubleshoot|debug|runbook|deploy|release|incident|faq/i],
  ["style", /style|convention|guideline|naming|format/i],
  ["overview", /^readme\.[^/]+$/i],
];

interface Wanted {
  description: string;
  triggers: string[];
  recommended: Topic[];
}

const TASK_TYPES: Record<string, Wanted> = {
  feature_development: {
    description: "Build something new",
    triggers: ["feature", "implement", "introduce", "support for"],
    recommended: ["overview", "architecture", "style"],
  },
  bug_fixing: {
    description: "Find out why something is wrong, and mend it",
    triggers: ["bug", "fix", "crash", "regression", "broken"],
    recommended: ["overview", "testing", "operations"],
  },
  testing: {
    description: "Add or mend tests",
    triggers: ["test", "tests", "coverage"],
    recommended: ["testing", "style"],
  },
  doc_sync: {
    description: "Bring the documentation in line with the code",
    triggers: ["documentation", "docs", "readme"],
    recommended: ["overview", "style"],
  },
  parallel_orchestration: {
    description: "Carry out many changes at the same time",
    triggers: ["in parallel", "at once", "everywhere", "all files"],
    recommended: ["overview", "architecture"],
  },
};

/** `paths` are the tracked files. Deterministic; a repository without documents gives task types without files. */
export function draftGraph(paths: string[]): KnowledgeGraph {
  const documents = paths.filter(isKnowledge).sort();
  const of = (topic: Topic): string[] => documents.filter((path) => topicOf(path) === topic);
  const required = [...of("instructions"), ...of("contributing")].filter((path) => depth(path) <= 1);
  return {
    version: "1.0.0",
    description: "Which documents to read first, by the kind of work. Drafted from the repository: edit it.",
    task_types: Object.fromEntries(
      Object.entries(TASK_TYPES).map(([name, { description, triggers, recommended }]) => {
        const recommended_knowledge = recommended.flatMap(of).filter((path) => !RECORDS.test(path));
        return [name, { description, triggers, required_knowledge: required, recommended_knowledge }];
      }),
    ),
    knowledge_categories: categories(documents),
    cross_references: {},
    auto_inject_rules: injections(documents),
    shared_knowledge: {},
  };
}

function isKnowledge(path: string): boolean {
  const named = DOCUMENT.test(path) || topicOf(path) === "instructions";
  return named && !ELSEWHERE.test(path) && !NO_KNOWLEDGE.test(path);
}

function topicOf(path: string): Topic | undefined {
  return TOPICS.find(([, pattern]) => pattern.test(path))?.[0];
}

/** One category a folder of documents; what lies at the root is there by topic already. */
function categories(documents: string[]): KnowledgeGraph["knowledge_categories"] {
  const folders = new Map<string, string[]>();
  for (const path of documents) {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    if (folder !== "") folders.set(folder, [...(folders.get(folder) ?? []), path.slice(folder.length + 1)]);
  }
  return Object.fromEntries(
    [...folders].map(([folder, files]) => {
      const category = { description: `Documents in ${folder}`, base_path: folder, files, consumers: [], tags: [] };
      return [categoryId(folder), category];
    }),
  );
}

function categoryId(folder: string): string {
  return folder
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .toLowerCase();
}

/** Decision records are many and small: new work reads them while the budget lasts. */
function injections(documents: string[]): KnowledgeGraph["auto_inject_rules"] {
  const record = documents.find((path) => RECORDS.test(path));
  if (record === undefined) return [];
  const inject = categoryId(record.slice(0, record.lastIndexOf("/")));
  return [{ condition: "task_type == 'feature_development'", inject, priority: "recommended" }];
}

function depth(path: string): number {
  return path.split("/").length - 1;
}
