/** Turns the parser's module record into facts: imports with their names, exports under other names, what is exported at all. */
import type { ImportFact } from "../../../core/model/code-facts.ts";
import type { ModuleRecord } from "./module-record.ts";

export interface RecordFacts {
  imports: ImportFact[];
  exports: { name: string; local: string }[];
}

/** 1-based line of a place in the source. */
export type LineOf = (offset: number) => number;

type StaticImport = ModuleRecord["staticImports"][number];
type ExportEntry = ModuleRecord["staticExports"][number]["entries"][number];

export function readRecord(record: ModuleRecord, lineOf: LineOf): RecordFacts {
  const imports = record.staticImports.map((found) => staticImport(found, lineOf));
  const byPlace = new Map(record.staticImports.map((found, index) => [found.moduleRequest.start, imports[index]]));
  const exports: RecordFacts["exports"] = [];
  const handedOn = new Map<number, ImportFact>();
  for (const entry of record.staticExports.flatMap((found) => found.entries)) {
    const request = entry.moduleRequest;
    if (request === null) own(entry, exports);
    else if (request.start < entry.start) exportedImport(entry, byPlace.get(request.start), exports);
    else {
      const fact = handedOn.get(request.start) ?? reexport(entry, request.value, lineOf);
      fact.names.push({ name: importedName(entry.importName), as: exportedName(entry) });
      handedOn.set(request.start, fact);
    }
  }
  return { imports: [...imports, ...handedOn.values()], exports };
}

function staticImport(found: StaticImport, lineOf: LineOf): ImportFact {
  const entries = found.entries.filter((entry) => entry.localName.value !== "");
  const names = entries.map((entry) => ({ name: importedName(entry.importName), as: entry.localName.value }));
  const type = entries.length > 0 && entries.every((entry) => entry.isType);
  return { specifier: found.moduleRequest.value, kind: type ? "type" : "static", line: lineOf(found.start), names };
}

/** The parser's word kinds are strings at run time. */
function importedName({ kind, name }: { kind: string; name: string | null }): string {
  if (kind === "Default") return "default";
  return kind === "Name" ? (name ?? "") : "*";
}

function exportedName(entry: ExportEntry): string {
  const kind: string = entry.exportName.kind;
  return kind === "Default" ? "default" : (entry.exportName.name ?? "*");
}

function own(entry: ExportEntry, exports: RecordFacts["exports"]): void {
  const name = exportedName(entry);
  const local = entry.localName.name ?? (name === "default" ? "default" : "");
  if (name !== "*" && local !== "") exports.push({ name, local });
}

/** A name imported by a statement of its own, then exported. */
function exportedImport(entry: ExportEntry, fact: ImportFact | undefined, exports: RecordFacts["exports"]): void {
  const wanted = importedName(entry.importName);
  const local = fact?.names.find((one) => one.name === wanted)?.as;
  if (local !== undefined) exports.push({ name: exportedName(entry), local });
}

function reexport(entry: ExportEntry, specifier: string, lineOf: LineOf): ImportFact {
  return { specifier, kind: "reexport", line: lineOf(entry.start), names: [] };
}
