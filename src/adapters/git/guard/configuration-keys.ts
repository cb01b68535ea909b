/** Settings of a git configuration that make git run programs, read elsewhere or hide something; parsed by git itself, as git reads them. */
import { tmpdir } from "node:os";
import { runGit } from "../git.ts";
import type { WatchedFile } from "./watched-files.ts";

/** `section.Subsection.key`, section and key in lower case, and its value; without one it means true. */
export interface Setting {
  key: string;
  value: string;
}

/** Key of a configuration that git does not read: its bytes tell it apart from every other, its target does so for a link. */
const UNREADABLE = "(unreadable)";

/** All settings of the file in their order, `include` not followed. */
export async function settingsOf(file: WatchedFile | undefined): Promise<Setting[]> {
  if (file === undefined) return [];
  const unreadable = [{ key: UNREADABLE, value: file.link ?? file.content.toString("hex") }];
  if (file.opaque || file.link !== undefined) return unreadable;
  const args = ["config", "--file", "-", "--no-includes", "--list", "-z"];
  const { code, stdout } = await runGit({ cwd: tmpdir() }, args, { input: file.content, accept: [1, 128] });
  if (code !== 0) return unreadable;
  const entries = stdout.toString("utf8").split("\0").slice(0, -1);
  return entries.map((entry) => {
    const [key = "", ...lines] = entry.split("\n");
    return { key, value: lines.length === 0 ? "true" : lines.join("\n") };
  });
}

/** Sections in which a user's everyday commands write, and nothing that runs: `git switch -c`, `git push -u`, `git fetch`. */
const EVERYDAY = /^(branch|user|pull|push|fetch|gc|maintenance|advice|color|rebase|rerere|status|log)\./;

/** Whether a setting is in an everyday section; all others of the user's own configuration must stay as they are. */
export function isEveryday({ key }: Setting): boolean {
  return EVERYDAY.test(key);
}

/** Keys whose value is a program or a command line, or a file that names some; `*` stands for any subsection. */
const COMMANDS = [
  ...["core.fsmonitor", "core.hookspath", "core.sshcommand", "core.gitproxy", "core.editor", "core.pager"],
  ...["core.askpass", "core.alternaterefscommand", "core.attributesfile", "sequence.editor", "interactive.difffilter"],
  ...["include.path", "includeif.*.path", "init.templatedir", "hook.*.command", "protocol.allow", "protocol.ext.allow"],
  ...["filter.*.clean", "filter.*.smudge", "filter.*.process", "diff.external", "diff.*.command", "diff.*.textconv"],
  ...["merge.*.driver", "difftool.*.cmd", "difftool.*.path", "mergetool.*.cmd", "mergetool.*.path", "guitool.*.cmd"],
  ...["credential.helper", "credential.*.helper", "gpg.program", "gpg.*.program", "gpg.ssh.defaultkeycommand"],
  ...["browser.*.cmd", "browser.*.path", "man.*.cmd", "man.*.path", "pager.*", "trailer.*.command", "trailer.*.cmd"],
  ...["tar.*.command", "remote.*.uploadpack", "remote.*.receivepack", "remote.*.vcs", "uploadpack.packobjectshook"],
  ...["sendemail.sendmailcmd", "sendemail.*.sendmailcmd", "sendemail.tocmd", "sendemail.cccmd", "imap.tunnel"],
].map(asPattern);

/** Keys that make git look past files, or at others than those of the workspace. */
const HIDING = ["core.excludesfile", "core.worktree"];

/** Keys of both kinds whose value is a path: `cat` there is a file or folder that an agent can write. */
const PATHS = [
  ...["include.path", "includeif.*.path", "core.hookspath", "core.attributesfile", "core.excludesfile"],
  ...["core.worktree", "init.templatedir"],
].map(asPattern);
const NOWHERE = new Set(["", "/dev/null"]);

/** Values that tools set to keep git quiet; none of them is a program of the agent's. */
const HARMLESS = new Set(["", ":", "true", "false", "cat", "less", "/dev/null"]);

/** Whether it makes git run a program, read elsewhere or hide something: what no agent needs in its workspace. */
export function isDangerous({ key, value }: Setting): boolean {
  if (key === UNREADABLE) return true;
  const isPath = PATHS.some((pattern) => pattern.test(key));
  if ((isPath ? NOWHERE : HARMLESS).has(value)) return false;
  if (key.startsWith("alias.") || key.endsWith(".update")) return value.trimStart().startsWith("!");
  return HIDING.includes(key) || COMMANDS.some((pattern) => pattern.test(key));
}

function asPattern(key: string): RegExp {
  return new RegExp(`^${key.replaceAll(".", "\\.").replace("*", "[^]+")}$`);
}
