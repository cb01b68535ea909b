/** Environment of an agent or a check: an allow-list, a private HOME and TMPDIR, and what the operator names. */
import { join } from "node:path";

const ALLOWED = ["PATH", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TERM", "TZ", "SystemRoot", "ComSpec", "PATHEXT"];

/** `named` is a list of variables to pass through, or a map of values to set. */
export function childEnvironment(folder: string, named: string[] | Record<string, string>): Record<string, string> {
  const passed = Array.isArray(named) ? pick([...ALLOWED, ...named]) : { ...pick(ALLOWED), ...named };
  const temporary = join(folder, "tmp");
  return { HOME: join(folder, "home"), TMPDIR: temporary, TEMP: temporary, TMP: temporary, ...passed };
}

function pick(names: string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
