/** The repository's own `.forkjoin.yaml`: untrusted, so it may choose among names; what it defines counts only once that exact content is approved. */
import { createHash } from "node:crypto";
import { lstat, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { Configuration } from "../../core/model/configuration.ts";
import { type Failure, failure } from "../../core/model/failure.ts";
import { err, ok, type Result } from "../../core/model/result.ts";

export const REPOSITORY_FILE = ".forkjoin.yaml";
const MAX_BYTES = 64 * 1024;
/** Choices among names and rules: none of them runs anything, lets more happen, or proves less. */
const CHOICES = [
  "default_agent",
  "max_parallel",
  "mode",
  "validate",
  "conflict_resolution",
  "same_file",
  "failure_handling",
] as const;
/** Belongs to the operator or the machine, not to a repository. */
const ELSEWHERE = ["knowledge", "budget", "machine_max_parallel", "min_free_mb"];

const Trusted = z.record(z.string(), z.string());

export interface RepositoryFile {
  file: string;
  /** SHA-256 of the content */
  digest: string;
  /** only what the file says, without defaults */
  keys: Partial<Configuration>;
  /** keys that count only when the content is approved */
  defines: string[];
}

/** Undefined where the repository has none. */
export async function readRepositoryFile(root: string): Promise<Result<RepositoryFile | undefined>> {
  const file = join(root, REPOSITORY_FILE);
  const there = await lstat(file).catch(() => undefined);
  if (there === undefined) return ok(undefined);
  if (!there.isFile() || there.size > MAX_BYTES) return err(invalid(file, "is no regular file of at most 64 KiB"));
  const text = await readFile(file, "utf8");
  const value = parsed(text);
  if (value === undefined) return err(invalid(file, "is no YAML mapping"));
  const read = Configuration.safeParse(value);
  const issue = read.error?.issues[0];
  if (!read.success) return err(invalid(file, `${issue?.path.join(".") || "(the file)"}: ${issue?.message}`));
  const names = Object.keys(value);
  const misplaced = names.find((name) => ELSEWHERE.includes(name));
  if (misplaced !== undefined) return err(invalid(file, `${misplaced} belongs into the operator's configuration`));
  const keys = Object.fromEntries(Object.entries(read.data).filter(([name]) => names.includes(name)));
  const defines = names.filter((name) => !CHOICES.some((choice) => choice === name)).sort();
  return ok({ file, digest: createHash("sha256").update(text).digest("hex"), keys, defines });
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = parse(text, { maxAliasCount: 100 }) ?? {};
    return z.record(z.string(), z.unknown()).safeParse(value).data;
  } catch {
    return undefined;
  }
}

function invalid(file: string, what: string): Failure {
  return failure("invalid_configuration", `${file}: ${what}`, "correct the file, or remove it");
}

/** The operator's configuration with what the repository may say over it. */
export async function withRepositoryFile(
  operator: Configuration,
  { root, home }: { root: string; home: string },
): Promise<Result<Configuration>> {
  const read = await readRepositoryFile(root);
  if (!read.ok) return read;
  if (read.value === undefined) return ok(operator);
  const { file, keys, defines, digest } = read.value;
  if (defines.length > 0 && (await trustedDigest(home, root)) !== digest) {
    const message = `${file} defines ${defines.join(", ")}, and nobody has approved this content`;
    return err(failure("invalid_configuration", message, `read it, then run: forkjoin trust --repo ${root}`));
  }
  return ok({
    ...{ ...operator, ...keys },
    agents: { ...keys.agents, ...operator.agents },
    checks: { ...keys.checks, ...operator.checks },
    setup: [...operator.setup, ...(keys.setup ?? [])],
    copy: [...new Set([...operator.copy, ...(keys.copy ?? [])])],
    validate: [...new Set([...operator.validate, ...(keys.validate ?? [])])],
    max_parallel: Math.min(operator.max_parallel, keys.max_parallel ?? operator.max_parallel),
  });
}

async function trustedDigest(home: string, root: string): Promise<string | undefined> {
  return (await trusted(home))[root];
}

async function trusted(home: string): Promise<Record<string, string>> {
  const text = await readFile(trustFile(home), "utf8").catch(() => "{}");
  return Trusted.safeParse(parsed(text)).data ?? {};
}

function trustFile(home: string): string {
  return join(home, "trust.json");
}

/** Approves exactly this content of the repository's file; any later change asks again. */
export async function approve(home: string, root: string, digest: string): Promise<void> {
  const entries = { ...(await trusted(home)), [root]: digest };
  const file = trustFile(home);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, JSON.stringify(entries, null, 2), { mode: 0o600 });
  await rename(`${file}.new`, file);
}
