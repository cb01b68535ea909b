/** Failures are values: every operation that can go wrong returns a Result instead of throwing. */
import type { Failure } from "./failure.ts";

export type Result<T, E = Failure> = { ok: true; value: T } | { ok: false; error: E };

export function ok<T>(value: T): { ok: true; value: T } {
  return { ok: true, value };
}

export function err<E>(error: E): { ok: false; error: E } {
  return { ok: false, error };
}
