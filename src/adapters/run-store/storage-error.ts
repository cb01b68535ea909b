/** Error that the run store throws when its file cannot be used: a Failure that names the file, the cause and the cure. */
import { existsSync } from "node:fs";
import { z } from "zod";
import { type Failure, failure } from "../../core/model/failure.ts";
import { err, type Result } from "../../core/model/result.ts";

/** Carries the Failure, so that whoever catches it can answer with data; the message alone is enough for a person. */
export class StorageError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, cause?: unknown) {
    super(`${failure.message} ${failure.hint}`, { cause });
    this.name = "StorageError";
    this.failure = failure;
  }
}

const FREE_SPACE = "Free space on its disk, then resume the run: nothing of this change was written.";
const MAKE_WRITABLE = "Make the file and its folder readable and writable for this user.";
const SET_ASIDE =
  "Restore it from a backup, or move it away to begin with an empty store: results of earlier runs stay in git under refs/forkjoin/.";
const LOCKED = "Another process kept it locked for too long: try again, and end that process if it hangs.";
const GONE =
  "Put it back, or start Forkjoin again, which begins an empty store: results of earlier runs stay in git under refs/forkjoin/.";
const UNKNOWN = "Check that its disk is present, not full and writable for this user, then try again.";

/** SQLite says this also of a file that is not there any more. */
const READ_ONLY = 8;

/** By SQLite's primary result codes. */
const HINTS: Record<number, string> = {
  5: LOCKED,
  6: LOCKED,
  [READ_ONLY]: MAKE_WRITABLE,
  11: SET_ASIDE,
  13: FREE_SPACE,
  14: MAKE_WRITABLE,
  23: MAKE_WRITABLE,
  26: SET_ASIDE,
};

/** `libsql` calls it rawCode, `node:sqlite` errcode; both give extended codes, whose last byte is the primary one. */
const Coded = z.object({ rawCode: z.number().optional(), errcode: z.number().optional() });

/** SQLite's primary result code in an error of either library. */
function sqliteCode(cause: unknown): number | undefined {
  const { data } = Coded.safeParse(cause);
  const code = data?.rawCode ?? data?.errcode;
  return code === undefined ? undefined : code & 0xff;
}

/** `cause` as a StorageError about `file`; one that already is comes back unchanged. */
function toStorageError(file: string, cause: unknown): StorageError {
  if (cause instanceof StorageError) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  const code = sqliteCode(cause) ?? 0;
  if (code === READ_ONLY && !existsSync(file)) {
    const message = `The run store ${file} cannot be used: it was deleted or moved away while it was in use.`;
    return new StorageError(failure("storage_failed", message, GONE), cause);
  }
  const hint = HINTS[code] ?? UNKNOWN;
  return new StorageError(failure("storage_failed", `The run store ${file} cannot be used: ${text}.`, hint), cause);
}

/** Another process, or another connection of this one, has the file locked. */
export function isLocked(error: unknown): boolean {
  return hasCode(error, [5, 6]);
}

/** The file is no database, or not a whole one. */
export function isDamaged(error: unknown): boolean {
  return hasCode(error, [11, 26]);
}

function hasCode(error: unknown, codes: number[]): boolean {
  const code = sqliteCode(error instanceof StorageError ? error.cause : error);
  return code !== undefined && codes.includes(code);
}

/** Runs `action` with every error turned into a StorageError about `file`. */
export function guard<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw toStorageError(file, error);
  }
}

/** Runs `action` with a StorageError turned into a value; any other error is a bug and goes on up. */
export function asResult<T>(action: () => Result<T>): Result<T> {
  try {
    return action();
  } catch (error) {
    if (error instanceof StorageError) return err(error.failure);
    throw error;
  }
}
