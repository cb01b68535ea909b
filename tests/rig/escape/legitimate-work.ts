/** Legitimate edits that no level may stop: what editors, tools and git do in the course of a day. */
import { append, child, chmod, remove, rename, type Step, sh, symlink, write } from "../steps.ts";

/** By task: its scope, what its agent does, and what lands. */
export const LEGITIMATE: Record<string, { files: string[]; steps: Step[]; lands: string[] }> = {
  "atomic-rename": {
    files: ["src/a.txt"],
    steps: [write("src/a.txt.tmp.123", "new\n"), rename("src/a.txt.tmp.123", "src/a.txt")],
    lands: ["src/a.txt"],
  },
  "new-file": {
    files: ["src/new/deep/file.txt"],
    steps: [write("src/new/deep/file.txt", "n\n")],
    lands: ["src/new/deep/file.txt"],
  },
  "new-folder": { files: ["lib/**"], steps: [write("lib/x/y.txt", "n\n")], lands: ["lib/x/y.txt"] },
  "folder-removed": { files: ["src/dir/**"], steps: [remove("src/dir")], lands: ["src/dir/d.txt"] },
  "folder-made-anew": {
    files: ["src/dir/**"],
    steps: [rename("src/dir", "src/dir.old"), write("src/dir/e.txt", "e\n"), remove("src/dir.old")],
    lands: ["src/dir/d.txt", "src/dir/e.txt"],
  },
  "link-inside": { files: ["src/dir/**"], steps: [symlink("src/dir/l", "d.txt")], lands: ["src/dir/l"] },
  caches: {
    files: ["src/a.txt"],
    steps: [
      write("cache/x", "x"),
      write("node_modules/.cache/y", "y"),
      write("build.log", "l"),
      append("src/a.txt", "x"),
    ],
    lands: ["src/a.txt"],
  },
  "temporary-files": {
    files: ["src/a.txt"],
    steps: [
      sh('echo x > "$TMPDIR/x" && echo x > "$HOME/.toolrc" && f=$(mktemp) && echo x > "$f"'),
      append("src/a.txt", "x"),
    ],
    lands: ["src/a.txt"],
  },
  "git-commands": {
    files: ["src/a.txt"],
    steps: [
      append("src/a.txt", "x"),
      sh(
        "git config user.name A && git config user.email a@b && git add -A && git commit -qm x && git log -1 --stat && git switch -qc other && git stash list && git config gc.auto 0 && git config core.filemode true && git config branch.other.merge refs/heads/x && git config core.pager cat && git worktree list",
      ),
    ],
    lands: ["src/a.txt"],
  },
  "background-process": {
    files: ["src/a.txt"],
    steps: [child({ setsid: true }), append("src/a.txt", "x")],
    lands: ["src/a.txt"],
  },
  "read-everything": {
    files: ["src/a.txt"],
    steps: [sh("cat src/b.txt other/c.txt > /dev/null && ls -laR . > /dev/null"), append("src/a.txt", "x")],
    lands: ["src/a.txt"],
  },
  "touched-beside": {
    files: ["src/a.txt"],
    steps: [sh("touch -c src/a.txt && git status --short && git diff"), append("src/a.txt", "x")],
    lands: ["src/a.txt"],
  },
  "made-and-removed": {
    files: ["src/a.txt"],
    steps: [
      write("scratch/x.py", "x"),
      write("src/.a.txt.swp", "x"),
      remove("scratch"),
      remove("src/.a.txt.swp"),
      append("src/a.txt", "x"),
    ],
    lands: ["src/a.txt"],
  },
  "mode-of-its-own": { files: ["src/a.txt"], steps: [chmod("src/a.txt", 0o755)], lands: ["src/a.txt"] },
  "file-removed": { files: ["src/b.txt"], steps: [remove("src/b.txt")], lands: ["src/b.txt"] },
  "file-moved": {
    files: ["src/b.txt", "src/moved/b.txt"],
    steps: [sh("mkdir -p src/moved && git mv src/b.txt src/moved/b.txt || { mv src/b.txt src/moved/b.txt; }")],
    lands: ["src/b.txt", "src/moved/b.txt"],
  },
  "sed-in-place": { files: ["src/a.txt"], steps: [sh("sed -i '1s/^/z/' src/a.txt")], lands: ["src/a.txt"] },
  "backup-beside": {
    files: ["src/dir/**"],
    steps: [
      sh("mkdir -p src/dir && echo y > src/dir/k.txt && cp src/dir/k.txt src/dir/k.txt.orig && rm src/dir/k.txt.orig"),
    ],
    lands: ["src/dir/k.txt"],
  },
  "names-of-many-kinds": {
    files: ["src/dir/**"],
    steps: [write("src/dir/a b's \u00e9\u4e2d.txt", "n"), write("src/dir/-x", "n"), write("src/dir/.hidden", "n")],
    lands: ["src/dir/-x", "src/dir/.hidden", "src/dir/a b's \u00e9\u4e2d.txt"],
  },
  "binary-and-empty": {
    files: ["src/dir/**"],
    steps: [sh("head -c 100000 /dev/urandom > src/dir/blob && : > src/dir/empty")],
    lands: ["src/dir/blob", "src/dir/empty"],
  },
  "stash-and-back": {
    files: ["src/a.txt"],
    steps: [append("src/a.txt", "x"), sh("git -c user.name=A -c user.email=a@b stash -q && git stash pop -q")],
    lands: ["src/a.txt"],
  },
  "own-socket": {
    files: ["src/a.txt"],
    steps: [
      sh(
        'node -e \'const s = require("net").createServer(c => c.end()).listen(process.env.TMPDIR + "/s", () => require("net").connect(process.env.TMPDIR + "/s").on("close", () => s.close()))\'',
      ),
      append("src/a.txt", "x"),
    ],
    lands: ["src/a.txt"],
  },
  "own-port": {
    files: ["src/a.txt"],
    steps: [
      sh(
        'node -e \'const s = require("http").createServer((q, r) => r.end("ok")).listen(0, "127.0.0.1", () => fetch("http://127.0.0.1:" + s.address().port).then(r => r.text()).then(() => process.exit()))\'',
      ),
      append("src/a.txt", "x"),
    ],
    lands: ["src/a.txt"],
  },
};
