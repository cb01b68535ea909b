/** The setup port: the operator's commands run once per recipe, and the packages they install are given to every other workspace. Phase 4.2, lanes. */
import { createHash } from "node:crypto";
import { existsSync, linkSync, lstatSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { failure } from "../../core/model/failure.ts";
import { err, ok, type Result } from "../../core/model/result.ts";
import type { Sandbox } from "../../core/ports/sandbox.ts";
import type { Setup, SetupRequest } from "../../core/ports/setup.ts";
import type { Validator } from "../../core/ports/validator.ts";
import type { Installed, Workspace } from "../../core/ports/workspace.ts";
import { beyondPackages } from "./beyond-packages.ts";
import { CACHES, linkOut, publish } from "./publish.ts";
import { moduleFolders, recipeOf } from "./recipe.ts";
import { discard, NOTES, readTemplate, type Template, writtenInto } from "./template.ts";
import { unfold } from "./unfold.ts";

/** Below Forkjoin's folder: `packages/<repository>/<recipe>`. */
export const PACKAGES = "packages";
/** Beside a template's place: why there will be none. */
const WHOLE = ".whole";
const SETUP_TIMEOUT = "30min";
/** Each folder and each cache is a mount of the sandbox, and each mount costs more than the one before. */
const MAX_FOLDERS = 60;
const MAX_WITH_CACHES = 10;

export interface SetupParts {
  validator: Validator;
  sandbox: Sandbox;
  /** Forkjoin's folder, on the disk of the workspaces */
  home: string;
}

export class SetupOnce implements Setup {
  readonly #parts: SetupParts;
  readonly #building = new Map<string, Promise<unknown>>();

  constructor(parts: SetupParts) {
    this.#parts = parts;
  }

  /** The first workspace of a recipe is set up whole; those that come meanwhile wait for it, and do it themselves where that gave nothing. */
  async prepare(request: SetupRequest, signal: AbortSignal): Promise<Result<Installed>> {
    const held = this.#isHeld(request);
    const recipe = presentFolders(request).length > 0 ? undefined : await recipeOf(request, held);
    const place = join(PACKAGES, digest(request.repository), recipe ?? "");
    if (recipe === undefined || existsSync(join(this.#parts.home, `${place}${WHOLE}`)))
      return this.#whole(request, signal);
    const given = await this.#given(place, request);
    if (given !== undefined) return ok(given);
    const before = this.#building.get(place);
    if (before === undefined) {
      const work = this.#build(request, { place, held }, signal);
      this.#building.set(place, work);
      return work.finally(() => this.#building.delete(place));
    }
    await ended(before, signal);
    const later = await this.#given(place, request);
    return later === undefined ? this.#build(request, { place, held }, signal) : ok(later);
  }

  async spoiled({ directory, desk }: Pick<Workspace, "directory" | "desk">): Promise<string[]> {
    const template = await readTemplate(desk);
    if (template === undefined) return [];
    const paths = await writtenInto(template, directory);
    if (paths.length > 0) await discard(this.#parts.home, template);
    return paths;
  }

  #isHeld({ byClient, sandbox }: SetupRequest): boolean {
    return !byClient && sandbox !== "off" && this.#parts.sandbox.probe().works;
  }

  async #whole(request: SetupRequest, signal: AbortSignal): Promise<Result<Installed>> {
    const done = await this.#run(request, signal);
    return done.ok ? ok(own(request)) : done;
  }

  async #run({ commands, workspace, sandbox, limits }: SetupRequest, signal: AbortSignal): Promise<Result<void>> {
    for (const [index, command] of commands.entries()) {
      const check = { command, env: [], timeout: SETUP_TIMEOUT };
      const held = limits === undefined ? {} : { limits };
      const name = `setup-${index + 1}`;
      const result = await this.#parts.validator.run({ name, check, workspace, sandbox, ...held }, signal);
      if (signal.aborted)
        return err(failure("cancelled", "the run was cancelled", "`forkjoin resume` goes on with it"));
      if (result.passed) continue;
      const message = `setup ${JSON.stringify(command)} failed: ${result.output.trim().slice(-1_500)}`;
      return err(failure("setup_failed", message, "correct `setup` in the configuration"));
    }
    return ok(undefined);
  }

  /** The template's files, in a workspace that has none yet. */
  async #given(place: string, { workspace }: SetupRequest): Promise<Installed | undefined> {
    const { home } = this.#parts;
    const template = await readTemplate(join(home, place));
    if (template === undefined || !(await unfold(template, { home, directory: workspace.directory }))) return undefined;
    return this.#installed(template, workspace);
  }

  async #build(
    request: SetupRequest,
    { place, held }: Pick<Template, "place" | "held">,
    signal: AbortSignal,
  ): Promise<Result<Installed>> {
    const { workspace } = request;
    await workspace.snapshot();
    const done = await this.#run(request, signal);
    if (!done.ok) return done;
    const folders = presentFolders(request);
    const beyond = await beyondPackages(workspace);
    if (!beyond.ok) return ok(own(request));
    const few = folders.length > 0 && folders.length <= MAX_FOLDERS;
    const link = few ? linkOut(workspace.directory, folders) : undefined;
    const leads = link === undefined ? beyond.value : `${link} leads out of the workspace`;
    const why = few ? leads : `it installs packages into ${folders.length} folders`;
    if (why !== undefined) {
      await this.#remember(place, why);
      return ok(own(request));
    }
    const { home } = this.#parts;
    const template = await publish({ home, place, held, folders, directory: workspace.directory });
    return ok(template === undefined ? own(request) : this.#installed(template, workspace));
  }

  async #remember(place: string, why: string): Promise<void> {
    const file = join(this.#parts.home, `${place}${WHOLE}`);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, `${why}\n`, { mode: 0o600 });
  }

  /** Packages shared with other workspaces, with caches of this one's own; where no sandbox holds it, its desk remembers what they were like. */
  #installed(template: Template, { directory, desk }: Workspace): Installed {
    const folders = template.folders.map((path) => join(directory, path));
    if (template.way === "clone") return { folders, shared: false, caches: [] };
    const caches = folders.slice(0, MAX_WITH_CACHES).flatMap((folder) => CACHES.map((name) => join(folder, name)));
    for (const cache of caches) mkdirSync(cache, { recursive: true });
    if (!template.held) remember(template, { home: this.#parts.home, desk });
    return { folders, shared: true, caches };
  }
}

/** The notes may go with their template: this name of them stays. */
function remember(template: Template, { home, desk }: { home: string; desk: string }): void {
  const notes = join(desk, NOTES);
  try {
    linkSync(join(home, template.place, NOTES), notes);
  } catch {
    writeFileSync(notes, JSON.stringify(template), { mode: 0o600 });
  }
}

function own(request: SetupRequest): Installed {
  const present = presentFolders(request).slice(0, MAX_FOLDERS);
  const folders = present.map((path) => join(request.workspace.directory, path));
  return { folders, shared: false, caches: [] };
}

/** Folders of packages that are there, relative, the root's first. */
function presentFolders({ files, workspace }: SetupRequest): string[] {
  const { directory } = workspace;
  // A link on the way would make files of somebody else packages.
  const isFolder = (path: string): boolean =>
    lstatSync(join(directory, path), { throwIfNoEntry: false })?.isDirectory() === true &&
    realpathSync(join(directory, path)) === join(directory, path);
  return moduleFolders(files).filter(isFolder);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** Resolves when `work` has ended, however, or the signal aborts. */
async function ended(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true, signal: over.signal });
  });
  await Promise.race([work.catch(() => undefined), aborted]);
  over.abort();
}
