/** Arguments of a call as a model wrote them: usual names and forms are understood and said, what means nothing is refused with the nearest name. */
import { type Failure, failure, type Problem } from "../../core/model/failure.ts";
import { scopeEntry } from "../../core/model/path-forms.ts";
import { err, ok, type Result } from "../../core/model/result.ts";
import { taskNames, taskValues } from "./fit-tasks.ts";
import { fitValue, type Notes, parsedText } from "./fit-value.ts";
import { meantBy, nearestName, SYNONYMS } from "./names.ts";
import type { Schema } from "./schema.ts";

export interface Read {
  arguments: Record<string, unknown>;
  /** what was read in another way than it was written */
  notes: string[];
}

/** What reading needs to know of the server. */
export interface Reader {
  /** folders in which absolute paths are paths of the repository */
  roots: string[];
  /** the newest run's id */
  newestRun(): string | undefined;
}

const MOST_NOTES = 20;
const MAX_WAIT = 45;

export function readArguments(
  { name, schema }: { name: string; schema: Schema },
  given: unknown,
  reader: Reader,
): Result<Read> {
  const object = parsedText(given ?? {});
  if (typeof object !== "object" || object === null || Array.isArray(object)) {
    return err(failure("invalid_input", "the arguments are no object", `${name} takes ${namesOf(schema).join(", ")}`));
  }
  const notes: Notes = new Set();
  const named = argumentNames(name, object, schema, notes);
  if (!named.ok) return named;
  const { properties = {} } = schema;
  const values = Object.entries(named.value).map(([key, value]) => {
    const fitted = fitValue(withTaskNames(key, value, notes), properties[key] ?? {}, key, notes);
    return [key, formOf(key, fitted, reader, notes)];
  });
  const read: Record<string, unknown> = Object.fromEntries(values.filter(([, value]) => value !== undefined));
  return ok({ arguments: withoutEmptySources(read), notes: [...notes].slice(0, MOST_NOTES) });
}

function namesOf({ properties = {} }: Schema): string[] {
  return Object.keys(properties);
}

function argumentNames(tool: string, object: object, schema: Schema, notes: Notes): Result<Record<string, unknown>> {
  const known = namesOf(schema);
  const problems: Problem[] = [];
  const named: Record<string, unknown> = {};
  const given = Object.entries(object).filter(([, value]) => value !== null && value !== undefined);
  const taken = given.map(([name]) => name);
  for (const [name, value] of given) {
    const meant = meantBy(name, known, SYNONYMS.argument, taken);
    if (meant === undefined) problems.push(unknownName(name, tool, known));
    else if (meant !== name && (taken.includes(meant) || Object.hasOwn(named, meant))) {
      problems.push(doubled(name, meant));
    } else {
      if (meant !== name) notes.add(`${name} read as ${meant}`);
      named[meant] = value;
    }
  }
  return problems.length === 0 ? ok(named) : err(refusal(tool, problems, known));
}

function unknownName(name: string, tool: string, known: string[]): Problem {
  const nearest = nearestName(name, known);
  const fix = nearest === undefined ? `leave it out; ${tool} takes ${known.join(", ")}` : `call it ${nearest}`;
  return { field: name, code: "unknown_argument", message: `${name} is no argument of ${tool}: ${fix}`, fix };
}

function doubled(name: string, meant: string): Problem {
  const message = `${name} means the same as ${meant}, which is given, too`;
  return { field: name, code: "unknown_argument", message, fix: `give ${meant} alone` };
}

function refusal(tool: string, problems: Problem[], known: string[]): Failure {
  const said = problems.map(({ message }) => message).join("; ");
  return { ...failure("invalid_input", said, `nothing was done; ${tool} takes ${known.join(", ")}`), problems };
}

/** Tasks need the names of their fields before their values can be read. */
function withTaskNames(key: string, value: unknown, notes: Notes): unknown {
  if (key !== "tasks") return value;
  const list = parsedText(value);
  if (list !== value) notes.add("tasks: read as the list that the text holds");
  if (typeof list === "object" && list !== null && !Array.isArray(list)) {
    const inner: unknown = Reflect.get(list, "tasks");
    notes.add("tasks: read as a list");
    return withTaskNames(key, Array.isArray(inner) ? inner : [list], notes);
  }
  return Array.isArray(list) ? list.map((task, index) => taskNames(task, `tasks[${index}]`, notes)) : list;
}

/** Forms that belong to one argument, whatever the tool. */
function formOf(key: string, value: unknown, reader: Reader, notes: Notes): unknown {
  switch (key) {
    case "tasks":
      if (!Array.isArray(value)) return value;
      return value.map((task, index) => taskValues(task, reader.roots, `tasks[${index}]`, notes));
    case "run_id":
      return runId(value, reader, notes);
    case "files":
    case "task_files":
      return Array.isArray(value) ? value.map((one) => placed(key, one, reader, notes)) : value;
    case "wait_seconds":
      return waitSeconds(value, notes);
    default:
      return value;
  }
}

function placed(key: string, entry: unknown, { roots }: Reader, notes: Notes): unknown {
  if (typeof entry !== "string") return entry;
  const meant = scopeEntry(entry, roots);
  if (meant !== entry) notes.add(`${key}: ${JSON.stringify(entry)} read as ${meant}`);
  return meant;
}

/** The id in a resource's address or a branch's name; `latest` is the newest run. */
function runId(value: unknown, reader: Reader, notes: Notes): unknown {
  if (typeof value !== "string") return value;
  const [, inAddress] = /^(?:run:\/\/|(?:refs\/heads\/)?forkjoin\/)([^/]+)/.exec(value.trim()) ?? [];
  const isNewest = /^(latest|last|newest|current)$/i.test(value.trim());
  const meant = inAddress ?? (isNewest ? reader.newestRun() : value.trim());
  if (meant === undefined || meant === value) return value;
  notes.add(`run_id: ${JSON.stringify(value)} read as ${meant}`);
  return meant;
}

function waitSeconds(value: unknown, notes: Notes): unknown {
  if (typeof value !== "number") return value;
  const meant = Math.min(MAX_WAIT, Math.max(0, Math.round(value)));
  if (meant !== value) notes.add(`wait_seconds: ${meant} is waited; call again to wait longer`);
  return meant;
}

const SOURCES = ["tasks", "task_files", "pattern", "workflow"];

/** Empty sources beside one that holds something, as clients write them that send every argument. */
function withoutEmptySources(read: Record<string, unknown>): Record<string, unknown> {
  const isEmpty = (value: unknown): boolean =>
    typeof value === "object" && value !== null && Object.keys(value).length === 0;
  const sources = SOURCES.filter((name) => Object.hasOwn(read, name));
  if (!sources.some((name) => !isEmpty(read[name]))) return read;
  return Object.fromEntries(
    Object.entries(read).filter(([name, value]) => !(sources.includes(name) && isEmpty(value))),
  );
}
