/** Files that run something or steer others: whoever changes one changes more than itself, so a person is told, and no rule grants it. */
import { splitSymbol } from "./scope-pattern.ts";

/** Names of folders, anywhere in a path. */
const FOLDERS: Record<string, string[]> = {
  "continuous integration": [
    ".github",
    ".gitlab",
    ".circleci",
    ".buildkite",
    ".woodpecker",
    ".teamcity",
    ".azure-pipelines",
    ".ci",
  ],
  "hooks of git": [".husky", ".githooks", ".git-hooks", "githooks", ".lefthook"],
  "settings of agents or editors": [
    ...[
      ".claude",
      ".codex",
      ".cursor",
      ".gemini",
      ".opencode",
      ".qwen",
      ".copilot",
      ".continue",
      ".windsurf",
      ".roo",
      ".cline",
      ".kiro",
    ],
    ...[
      ".amazonq",
      ".agents",
      ".aider",
      ".junie",
      ".augment",
      ".vscode",
      ".idea",
      ".zed",
      ".fleet",
      ".devcontainer",
      ".vim",
    ],
  ],
  "Forkjoin's own settings or tasks": [".forkjoin"],
};

/** Names of files, anywhere in a path; `*` stands for any ending. */
const NAMES: Record<string, string[]> = {
  "continuous integration": [
    ...[
      ".gitlab-ci.yml",
      ".travis.yml",
      "jenkinsfile*",
      "azure-pipelines.yml",
      "bitbucket-pipelines.yml",
      "appveyor.yml",
      ".drone.yml",
    ],
    ...[
      "cloudbuild.yaml",
      "cloudbuild.yml",
      "buildspec.yml",
      ".woodpecker.yml",
      ".cirrus.yml",
      "netlify.toml",
      "vercel.json",
      "codeowners",
    ],
  ],
  "hooks of git": [
    ".pre-commit-config.yaml",
    ".pre-commit-config.yml",
    "lefthook.*",
    ".lefthook.*",
    ".huskyrc*",
    ".lintstagedrc*",
  ],
  "settings of git": [".gitattributes", ".gitmodules", ".gitconfig", ".lfsconfig"],
  "settings of agents or editors": [
    ...[
      "agents.md",
      "claude.md",
      "claude.local.md",
      "gemini.md",
      "qwen.md",
      "copilot-instructions.md",
      ".mcp.json",
      "mcp.json",
      "opencode.json*",
    ],
    ...[
      ".cursorrules",
      ".cursorignore",
      ".windsurfrules",
      ".clinerules*",
      ".roorules*",
      ".aider*",
      ".editorconfig",
      ".vimrc",
      ".exrc",
      ".nvimrc",
      "*.code-workspace",
    ],
  ],
  "Forkjoin's own settings or tasks": [
    ".forkjoin.yaml",
    ".forkjoin.yml",
    ".forkjoin.json",
    "forkjoin.yaml",
    "tasks.yaml",
    "tasks.yml",
  ],
  "a manifest whose scripts are run": [
    ...[
      "package.json",
      "deno.json*",
      "composer.json",
      "pyproject.toml",
      "setup.py",
      "setup.cfg",
      "tox.ini",
      "noxfile.py",
      "conftest.py",
      "pom.xml",
    ],
    ...[
      "build.gradle*",
      "settings.gradle*",
      "gradlew*",
      "mvnw*",
      "build.rs",
      "cargo.toml",
      "gemfile",
      "rakefile",
      "*.gemspec",
      "go.mod",
      "go.work",
    ],
    ...[
      "makefile",
      "gnumakefile",
      "*.mk",
      "cmakelists.txt",
      "justfile",
      ".justfile",
      "taskfile.y*",
      "meson.build",
      "build.bazel",
      "workspace.bazel",
      "module.bazel",
    ],
    ...[
      "dockerfile*",
      "containerfile*",
      "docker-compose.*",
      "compose.y*",
      "procfile",
      "vagrantfile",
      ".envrc",
      ".tool-versions",
      "mise.toml",
      ".mise.toml",
      ".nvmrc",
    ],
    ...[
      ".npmrc",
      ".yarnrc*",
      ".pnpmfile.cjs",
      "pnpm-workspace.yaml",
      "bunfig.toml",
      "pip.conf",
      "requirements*.txt",
      "pipfile",
      "environment.yml",
      "flake.nix",
      "default.nix",
      "shell.nix",
    ],
  ],
  "a lock file": [
    ...[
      "package-lock.json",
      "npm-shrinkwrap.json",
      "yarn.lock",
      "pnpm-lock.yaml",
      "bun.lock",
      "bun.lockb",
      "deno.lock",
      "cargo.lock",
      "poetry.lock",
    ],
    ...[
      "uv.lock",
      "pdm.lock",
      "pipfile.lock",
      "gemfile.lock",
      "composer.lock",
      "go.sum",
      "go.work.sum",
      "flake.lock",
      "gradle.lockfile",
      "packages.lock.json",
      "mix.lock",
      "pubspec.lock",
    ],
  ],
};

function placeOf(entry: string): { path: string; isFolder: boolean } {
  const [path] = splitSymbol(entry);
  return path.endsWith("**") ? { path: path.replace(/\/?\*\*$/, ""), isFolder: true } : { path, isFolder: false };
}

/** Thing that a scope entry's file, or any file in its folder, steers, in words; undefined where it steers nothing by its name. */
export function steering(entry: string): string | undefined {
  const { path } = placeOf(entry);
  const segments = path.toLowerCase().split("/");
  for (const [what, names] of Object.entries(FOLDERS))
    if (segments.some((segment) => names.includes(segment))) return what;
  const name = segments.at(-1) ?? "";
  for (const [what, names] of Object.entries(NAMES)) if (names.some((pattern) => matches(name, pattern))) return what;
  return undefined;
}

function matches(name: string, pattern: string): boolean {
  if (pattern.startsWith("*")) return name.endsWith(pattern.slice(1));
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/** Why no rule may grant the entry by itself, or undefined: only a person can. */
export function needsPerson(entry: string): string | undefined {
  const { isFolder, path } = placeOf(entry);
  if (isFolder && path === "") return "it is the whole repository";
  const what = steering(entry);
  if (what !== undefined) return `it is ${what}`;
  return isFolder && !path.includes("/") ? "it is a whole folder of the top level" : undefined;
}

/** The declared entries that steer others: `.github/ci.yml (continuous integration)`. */
export function steeringEntries(files: string[]): { path: string; what: string }[] {
  return files.flatMap((entry) => {
    const what = steering(entry);
    return what === undefined ? [] : [{ path: splitSymbol(entry)[0], what }];
  });
}
