/** Whether calls written for one signature still fit another: which change of a function's interface breaks whom (phase 5.2). */
import type { Call } from "./calls.ts";
import type { Parameter, Signature } from "./signature.ts";

/** Why what was written for `before` does not fit `after`; undefined when it does. Without calls every user counts as broken by a change. */
export function misfit(before: Signature, after: Signature, calls: Call[]): string | undefined {
  if (before.async !== after.async) return after.async ? "it became asynchronous" : "it is no longer asynchronous";
  if (before.result !== "" && after.result !== "" && before.result !== after.result) {
    return `its result changed from ${before.result} to ${after.result}`;
  }
  const known = calls.filter((call) => !call.spread);
  if (known.length === 0 || known.length < calls.length) return changed(before, after);
  return known.map((call) => misfitOf(call, before, after)).find((why) => why !== undefined);
}

/** The change alone: what no caller can be safe from. */
function changed(before: Signature, after: Signature): string | undefined {
  const [old, now] = [positional(before), positional(after)];
  const added = now.slice(old.length).find((parameter) => !parameter.optional && !parameter.rest);
  if (added !== undefined) return `it needs one more argument${nameOf(added)}`;
  if (now.length < old.length && !now.some((parameter) => parameter.rest)) return "it takes fewer arguments";
  const retyped = old.findIndex((parameter, index) => differs(parameter, now[index]));
  if (retyped !== -1) return `its argument ${retyped + 1} changed`;
  return missingName(after, before);
}

function misfitOf(call: Call, before: Signature, after: Signature): string | undefined {
  const now = positional(after);
  const rest = now.some((parameter) => parameter.rest);
  const fixed = now.filter((parameter) => !parameter.rest);
  const given = call.positional;
  const unknown = call.names.find((name) => !takes(after, name) && takes(before, name));
  if (unknown !== undefined) return `it no longer takes ${unknown}`;
  if (given > fixed.length && !rest) return `it takes ${fixed.length} arguments, not ${given}`;
  const needed = fixed.slice(given).find((parameter) => !parameter.optional && !call.names.includes(parameter.name));
  if (needed !== undefined) return `it needs one more argument${nameOf(needed)}`;
  const old = positional(before);
  const retyped = fixed.slice(0, given).findIndex((parameter, index) => differs(old[index], parameter));
  if (retyped !== -1) return `its argument ${retyped + 1} changed`;
  return missingName(after, before, call.names);
}

/** Keyword-only parameters that must be given and were not there. */
function missingName(after: Signature, before: Signature, given: string[] = []): string | undefined {
  const wanted = after.parameters.find(
    (parameter) => parameter.named && !parameter.optional && !given.includes(parameter.name),
  );
  if (wanted === undefined || before.parameters.some((parameter) => parameter.name === wanted.name)) return undefined;
  return `it needs ${wanted.name}`;
}

function positional({ parameters }: Signature): Parameter[] {
  return parameters.filter((parameter) => !parameter.named);
}

function takes({ parameters }: Signature, name: string): boolean {
  return parameters.some((parameter) => parameter.name === name || (parameter.named && parameter.rest));
}

/** Types count where both say one; another name alone is no other parameter. */
function differs(a: Parameter | undefined, b: Parameter | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (a.optional && !b.optional && !b.rest) return true;
  return a.type !== b.type && (a.type !== "" || /^[{[]/.test(b.type)) && b.type !== "";
}

function nameOf({ name, type }: Parameter): string {
  const shown = name === "" ? type : name;
  return shown === "" ? "" : ` (${shown})`;
}
