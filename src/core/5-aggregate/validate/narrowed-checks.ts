/** Phase 5.3 — the failed checks as a search runs them: only the tests that failed, on every state that has them. */
import type { RepositoryReader } from "../../ports/repository.ts";
import { type FailedCheck, type Narrowing, narrowCheck } from "./narrow-check.ts";
import type { CheckRun } from "./run-checks.ts";

export interface Narrowed {
  name: string;
  /** the check's own command */
  whole: CheckRun;
  narrowing: Narrowing | undefined;
  /** Check to run on `commit`: the failed tests it has, or everything where it has none of them. */
  on(commit: string): Promise<CheckRun>;
}

/** `output` is what the check said on `commit` when it failed there; without it the check stays whole. */
export async function narrowedCheck(
  repository: RepositoryReader,
  commit: string,
  { check, output }: { check: CheckRun; output: string | undefined },
): Promise<Narrowed> {
  const { name, command } = check;
  const narrowing =
    output === undefined ? undefined : narrowCheck({ command, output, ...(await manifests(repository, commit)) });
  return {
    name,
    whole: check,
    narrowing,
    async on(state) {
      if (narrowing === undefined) return check;
      const files = [...(await repository.files(state)).keys()];
      const has = (place: string): boolean => files.some((file) => file === place || file.startsWith(`${place}/`));
      const places = narrowing.places.filter((place) => place === "." || has(place));
      return places.length === 0 ? check : { name, command: narrowing.command(places) };
    },
  };
}

/** The whole check, for tests that fail alone and pass in company. */
export function widened({ name, whole }: Narrowed): Narrowed {
  return { name, whole, narrowing: undefined, on: async () => whole };
}

const MANIFEST_BYTES = 1_000_000;

async function manifests(
  repository: RepositoryReader,
  commit: string,
): Promise<Pick<FailedCheck, "scripts" | "goModule">> {
  const files = await repository.files(commit);
  const read = async (path: string): Promise<string> => {
    const entry = files.get(path);
    const found = entry === undefined ? undefined : await repository.text(entry.blob, MANIFEST_BYTES);
    return found !== undefined && "text" in found ? found.text : "";
  };
  return {
    scripts: scriptsOf(await read("package.json")),
    goModule: /^module\s+(\S+)/m.exec(await read("go.mod"))?.[1],
  };
}

function scriptsOf(text: string): Record<string, string> {
  try {
    const { scripts }: { scripts?: unknown } = Object(JSON.parse(text));
    return Object.fromEntries(
      Object.entries(Object(scripts)).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
    );
  } catch {
    return {};
  }
}
