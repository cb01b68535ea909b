/** Phase 0.5 — the loaded knowledge as one task needs it: what the task type requires, and of the rest what concerns the task. */
import type { KnowledgeContext } from "../model/knowledge-context.ts";
import type { Task } from "../model/task.ts";

const MIN_WORD = 4;

/** Paths, the required ones first; a recommended file concerns a task when a word of its name is a word of the task's. */
export function knowledgeForTask(context: KnowledgeContext | undefined, task: Task): string[] {
  if (context === undefined) return [];
  const { required, recommended, already_loaded } = context.knowledge;
  const spoken = new Set([task.description, ...task.files].flatMap(wordsOf));
  const concerns = (path: string): boolean => wordsOf(nameOf(path)).some((word) => spoken.has(word));
  const fresh = [...required, ...recommended.filter((file) => concerns(file.path))].map((file) => file.path);
  return [...new Set([...already_loaded, ...fresh])];
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");
}

/** Words of four letters and more, without their plural. */
function wordsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => word.length >= MIN_WORD).map((word) => word.replace(/s$/, ""));
}
