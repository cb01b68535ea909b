/** Tasks in the forms in which models write them, before phase 1 judges them. */
import { scopeEntry } from "../../core/model/path-forms.ts";
import { TaskInput } from "../../core/model/task.ts";
import type { Notes } from "./fit-value.ts";
import { meantBy, SYNONYMS } from "./names.ts";

const ISO_DURATION = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/i;
const LONG_NAMES = ["task_id", "files_affected", "estimated_duration"];

/** The same task with the names of its fields as they are; a name that means nothing, or one that is taken, stays and is refused. */
export function taskNames(task: unknown, at: string, notes: Notes): unknown {
  if (typeof task !== "object" || task === null || Array.isArray(task)) return task;
  const known = [...Object.keys(TaskInput.shape), ...LONG_NAMES];
  const given = Object.keys(task);
  const fields = Object.entries(task).map(([name, value]) => {
    const meant = meantBy(name, known, SYNONYMS.task, given);
    if (meant === undefined || meant === name || given.includes(meant)) return [name, value];
    notes.add(`${at}: ${name} read as ${meant}`);
    return [meant, value];
  });
  return Object.fromEntries(fields);
}

/** The same task with its values as they are. */
export function taskValues(task: unknown, roots: string[], at: string, notes: Notes): unknown {
  if (typeof task !== "object" || task === null || Array.isArray(task)) return task;
  const fields = new Map<string, unknown>(Object.entries(task));
  for (const name of ["estimated", "estimated_duration"]) {
    const given = fields.get(name);
    const meant = duration(given);
    if (meant === given) continue;
    fields.set(name, meant);
    notes.add(`${at}.${name}: ${JSON.stringify(given)} read as ${meant}`);
  }
  for (const name of ["files", "files_affected", "modifies"]) {
    const entries = fields.get(name);
    if (Array.isArray(entries))
      fields.set(
        name,
        entries.map((one) => placed(one, roots, `${at}.${name}`, notes)),
      );
  }
  const title = fields.get("title");
  if (typeof title === "string" && fields.get("description") === undefined) {
    fields.set("description", title);
    notes.add(`${at}: its title stands for its description, too`);
  }
  return Object.fromEntries(fields);
}

/** A number is minutes, as the field's description says. */
function duration(value: unknown): unknown {
  if (typeof value === "number") return `${value}min`;
  if (typeof value !== "string") return value;
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return `${value.trim()}min`;
  const iso = ISO_DURATION.exec(value.trim());
  if (iso === null || value.trim().length < 3) return value;
  const parts = [iso[1] && `${iso[1]}h`, iso[2] && `${iso[2]}min`, iso[3] && `${iso[3]}s`];
  return parts.filter((part) => part !== undefined).join(" ");
}

function placed(entry: unknown, roots: string[], at: string, notes: Notes): unknown {
  const inner: unknown = typeof entry === "object" && entry !== null ? Reflect.get(entry, "path") : undefined;
  const path = typeof inner === "string" ? inner : entry;
  if (typeof path !== "string") return entry;
  const meant = scopeEntry(path, roots);
  if (meant !== entry) notes.add(`${at}: ${JSON.stringify(path)} read as ${meant}`);
  return meant;
}
