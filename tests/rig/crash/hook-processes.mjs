/** Durable steps that other processes do: git where it writes, over when it has ended or answered; any other program as soon as it runs. */
import children, { ChildProcess } from "node:child_process";
import { basename } from "node:path";

const READS = new Set(
  "cat-file check-attr check-ignore config diff diff-tree for-each-ref log ls-files ls-tree merge-base remote rev-list rev-parse show status symbolic-ref var version".split(
    " ",
  ),
);

export function hookProcesses(begin) {
  const { spawn } = ChildProcess.prototype;
  ChildProcess.prototype.spawn = function (options) {
    const [name, kind] = identify(options.file, (options.args ?? []).slice(1));
    if (kind === "reads") return spawn.call(this, options);
    if (kind === "converses") {
      const result = spawn.call(this, options);
      followConversation(this, name, begin);
      return result;
    }
    const over = begin(name);
    if (kind === "writes") before(this, "exit", over);
    const result = spawn.call(this, options);
    if (kind === "runs") over();
    return result;
  };
  for (const name of ["spawnSync", "execFileSync"]) {
    const original = children[name];
    children[name] = (file, ...rest) => {
      const [step, kind] = identify(file, Array.isArray(rest[0]) ? rest[0] : []);
      const over = kind === "reads" ? undefined : begin(step);
      const result = original(file, ...rest);
      over?.();
      return result;
    };
  }
}

/** The step's name, and what the process does: reads, writes and ends, writes at each request, or something else. */
function identify(file, args) {
  if (args[0] === "--version") return ["", "reads"];
  if (basename(file) !== "git") return [`spawn ${basename(file)}`, "runs"];
  const own = args.slice();
  while (own[0] === "-c") own.splice(0, 2);
  const [command = ""] = own;
  const name = `git ${own.join(" ").slice(0, 160)}`;
  if (READS.has(command) || (command === "hash-object" && !own.includes("-w"))) return [name, "reads"];
  const converses =
    own.includes("--batch") || own.includes("--stdin-paths") || name.startsWith("git update-ref --stdin");
  return [name, converses ? "converses" : "writes"];
}

/** Each request is a step; it is over when git says something, or ends. */
function followConversation(child, name, begin) {
  const waiting = [];
  const answered = () => {
    for (const over of waiting.splice(0)) over();
  };
  const { write } = child.stdin;
  child.stdin.write = function (request, ...rest) {
    waiting.push(begin(`${name}: ${String(request).split("\n", 1)[0].slice(0, 80)}`));
    return write.call(this, request, ...rest);
  };
  before(child.stdout, "data", answered);
  before(child, "exit", answered);
}

/** Before anyone else hears of it; no listener, which would make a stream flow. */
function before(emitter, event, action) {
  const { emit } = emitter;
  emitter.emit = function (name, ...values) {
    if (name === event) action();
    return emit.call(this, name, ...values);
  };
}
