/** The same operations as the MCP tools, as commands. */
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { z } from "zod";
import { addCommand } from "./cli/add-command.ts";
import { agentsCommand } from "./cli/agents-command.ts";
import { cleanCommand } from "./cli/clean-command.ts";
import { knowledgeCheckCommand, knowledgeInitCommand, knowledgeLoadCommand } from "./cli/knowledge-commands.ts";
import { landCommand } from "./cli/land-command.ts";
import { logsCommand } from "./cli/logs-command.ts";
import { doctorCommand } from "./cli/machine-commands.ts";
import { CommandFailed, EXIT, printFailure, printJson } from "./cli/output.ts";
import { resolveCommand } from "./cli/resolve-command.ts";
import { retryCommand } from "./cli/retry-command.ts";
import { planCommand, resumeCommand, runCommand } from "./cli/run-commands.ts";
import { cancelCommand, pauseCommand, reportCommand, statusCommand } from "./cli/run-inspection.ts";
import { diffCommand, showCommand } from "./cli/task-commands.ts";
import { trustCommand } from "./cli/trust-command.ts";
import { workflowsCommand } from "./cli/workflows-command.ts";
import { StorageError } from "./compose.ts";
import { MAX_PARALLEL_LIMIT } from "./core/model/configuration.ts";
import { Choice, Strategy } from "./core/model/conflict.ts";
import { OrderingKind } from "./core/model/dependency-graph.ts";
import { PlanMode, PlanObjective } from "./core/model/execution-plan.ts";
import { diskFailure, type Failure, failure } from "./core/model/failure.ts";
import { GRAPH_FORMATS } from "./core/model/picture-format.ts";
import { RunStopped } from "./core/model/run-stopped.ts";
import { MAX_TASK_MS } from "./core/model/task.ts";
import { MOST_PER_TASK, PatternKind } from "./core/model/work-pattern.ts";
import { version } from "./version.ts";

const JSON_OPTION = ["--json", "print exactly one JSON document on stdout"] as const;
const RUN = "the run; the last one of this repository and worktree when absent";
const REPO_OPTION = ["--repo <dir>", "the repository whose last run is meant, instead of the one you are in"] as const;
const NOTIFY = "at the end, a notification where the terminal makes one, else its bell";
const TAKE_OVER = "where a process on another machine worked on the run and you know that it has ended";

function parallel(text: string): number {
  return wholeNumber(text, MAX_PARALLEL_LIMIT);
}

function filesPerTask(text: string): number {
  return wholeNumber(text, MOST_PER_TASK);
}

function attemptNumber(text: string): number {
  return wholeNumber(text, 1_000);
}

function minutes(text: string): number {
  return wholeNumber(text, MAX_TASK_MS / 60_000);
}

function wholeNumber(text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new InvalidArgumentError(`write a whole number from 1 to ${most}.`);
}

const EVIDENCE = `what may make a task wait, separated by commas: ${OrderingKind.options.join(", ")} (default: declared,symbol)`;

function evidence(text: string): OrderingKind[] {
  const parsed = z.array(OrderingKind).safeParse(text.split(",").map((kind) => kind.trim()));
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(`write some of ${OrderingKind.options.join(",")}.`);
}

function planDetails(plan: Command | undefined): void {
  const formats = new Option("--graph <format>", "print the dependency graph for a diagram");
  plan?.addOption(formats.choices(GRAPH_FORMATS));
  plan?.option("--gantt <file>", "write the plan as a chart, an SVG picture");
}

function program(): Command {
  const root = new Command("forkjoin")
    .description(
      "Fork work into tasks, run one coding agent per task in parallel, join the results into one tested branch.",
    )
    .version(version)
    .showHelpAfterError()
    .exitOverride();
  const sub = (name: string, description: string): Command =>
    root
      .command(name)
      .description(description)
      .option(...JSON_OPTION)
      .exitOverride();

  for (const [name, description, action] of [
    ["run", "do all phases: plan, run the agents, merge, validate, report", runCommand],
    ["plan", "show batches and critical path without running anything", planCommand],
  ] as const) {
    sub(name, description)
      .option("--tasks <files>", "task files (YAML), separated by commas")
      .option("--workflow <name>", "carry out a workflow for every instance: `forkjoin workflows` lists them")
      .option("--issues <list>", 'its instances: "#1,#2" from GitHub, or files or a folder of issues')
      .option("--targets <paths>", "its instances: files or folder/**, separated by commas")
      .option("--sync-point <point>", "where all instances meet: after_phase_N, or none")
      .option("--closes-issues", "commits say which issue they close")
      .addOption(
        new Option("--pattern <kind>", "make the tasks from the repository's files").choices(PatternKind.options),
      )
      .option("--include <globs>", "the pattern's files, separated by commas (default: all of its kind)")
      .addOption(new Option("--by <modules>", "what --pattern module goes by").choices(["folder", "coupling"]))
      .addOption(
        new Option("--minutes <n>", "estimated minutes of one of its tasks at most (default: 30)").argParser(minutes),
      )
      .addOption(new Option("--per-task <n>", "files in one task of the pattern (default: 1)").argParser(filesPerTask))
      .option("--request <text>", "what the work is about, in a sentence")
      .option("--repo <dir>", "the repository", ".")
      .option("--base <ref>", "where to start from (default: HEAD)")
      .option("--onto <ref>", "what to put the results on, as it stands at the end (default: where it started)")
      .option("--squash", "make one commit of the result instead of one per task")
      .option("--config <file>", "the operator's configuration")
      .option("--agent <name>", "the agent for tasks that name none")
      .addOption(new Option("--max-parallel <n>", "agents at the same time (default: 5)").argParser(parallel))
      .addOption(new Option("--mode <mode>", "a sync point after each batch, or none").choices(PlanMode.options))
      .addOption(new Option("--objective <what>", "what batches are made for").choices(PlanObjective.options))
      .addOption(new Option("--evidence <kinds>", EVIDENCE).argParser(evidence))
      .addOption(new Option("--strategy <name>", "what happens to a file two tasks changed").choices(Strategy.options))
      .argument(
        "[command...]",
        "behind --: runs for each task of the pattern instead of an agent; {files} and {file} are its paths",
      )
      .action(async (command, options) => finish(action({ ...options, command })));
  }
  const run = root.commands.find((command) => command.name() === "run");
  run?.option("-v, --verbose", "show the whole plan first, as `plan` does");
  run?.option("--notify", NOTIFY);
  planDetails(root.commands.find((command) => command.name() === "plan"));
  sub("resume", "go on with a run that was interrupted, or whose conflicts are decided")
    .argument("[run]", RUN)
    .option(...REPO_OPTION)
    .option("--config <file>", "the operator's configuration")
    .option("--take-over", TAKE_OVER)
    .option("--notify", NOTIFY)
    .action(async (run, options) => finish(resumeCommand(run, options)));
  sub("status", "the recent runs, or where one stands")
    .argument("[run]")
    .action(async (run, options) => finish(statusCommand(run, options)));
  sub("report", "the report of a run")
    .argument("[run]", RUN)
    .option(...REPO_OPTION)
    .addOption(new Option("--format <kind>").choices(["text", "yaml", "json", "markdown"]).default("text"))
    .action(async (run, options) => finish(reportCommand(run, options)));
  sub("resolve", "show the conflicts and requests for scope of a run, or decide one; asks, on a terminal")
    .argument("[run]", RUN)
    .argument("[conflict]", "the id of the conflict or request")
    .option(...REPO_OPTION)
    .addOption(new Option("--choose <version>", "which version lands").choices([...Choice.options, "grant", "refuse"]))
    .option("--file <file>", "the content for `--choose edited`")
    .option("--edit", "open the proposed merge in $VISUAL or $EDITOR; what is saved lands")
    .action(async (run, conflict, options) => finish(resolveCommand(run, conflict, options)));
  sub("add", "add tasks to a run that has begun; its owner takes them up at its next decision")
    .argument("[run]", RUN)
    .option(...REPO_OPTION)
    .requiredOption("--tasks <files>", "task files (YAML), separated by commas")
    .option("--config <file>", "the operator's configuration")
    .action(async (run, options) => finish(addCommand(run, options)));
  sub("retry", "do tasks again that failed, on top of what is merged; without names all of them")
    .argument("[run]", RUN)
    .argument("[tasks...]", "their ids; one that succeeded is done anew when it is named")
    .option(...REPO_OPTION)
    .option("--all-failed", "all that failed, said outright")
    .option("--agent <name>", "the agent for them from now on")
    .option("--note <text>", "a word to their agents, put behind the description")
    .option("--edit", "change description and files in $VISUAL or $EDITOR first")
    .option("--config <file>", "the operator's configuration")
    .option("--notify", NOTIFY)
    .action(async (run, tasks, options) => finish(retryCommand(run, tasks, options)));
  sub("show", "a task: its scope, its attempts, why each failed, its logs and patches")
    .argument("<run>")
    .argument("<task>")
    .action(async (run, task, options) => finish(showCommand(run, task, options)));
  sub("logs", "what the agents printed: the end of every task's log, or all of one")
    .argument("[run]", RUN)
    .argument("[task]")
    .option(...REPO_OPTION)
    .option("-f, --follow", "go on with what they print until nobody works on the run")
    .addOption(new Option("--attempt <n>", "of that attempt (default: the last)").argParser(attemptNumber))
    .action(async (run, task, options) => finish(logsCommand(run, task, options)));
  sub("diff", "what a task changed, or the whole run, in git's own pager")
    .argument("[run]", RUN)
    .argument("[task]")
    .option(...REPO_OPTION)
    .action(async (run, task, options) => finish(diffCommand(run, task, options)));
  sub("pause", "let what runs end and start nothing more; `resume` goes on")
    .argument("[run]", RUN)
    .option(...REPO_OPTION)
    .action(async (run, options) => finish(pauseCommand(run, options)));
  sub("cancel", "end a run for good; what was done is kept")
    .addArgument(new Argument("[run]", RUN))
    .option(...REPO_OPTION)
    .option("--reason <text>", "why", "cancelled on the command line")
    .option("--take-over", TAKE_OVER)
    .action(async (run, options) => finish(cancelCommand(run, options)));
  sub("land", "merge a run's branch into the branch you are on")
    .argument("[run]", RUN)
    .option("--repo <dir>", "the checkout to land in, instead of the one you are in")
    .option("--onto <ref>", "put the results on this ref as it stands now, and test them there, first")
    .option("--squash", "as one commit")
    .option("--pr", "push the branch and open a pull request with gh instead")
    .option("--hooks", "run the repository's hooks, as git does (without it they are named, and do not run)")
    .option("--no-gpg-sign", "sign nothing, whatever commit.gpgSign says")
    .option("-y, --yes", "land also what is incomplete, on a detached HEAD, or in another worktree than the run's")
    .action(async (run, options) => finish(landCommand(run, options)));
  sub("agents", "the agents that can be used here")
    .option("--config <file>", "the operator's configuration")
    .action(async (options) => finish(agentsCommand(options)));
  sub("workflows", "the workflows that --workflow knows, or one with its phases")
    .argument("[name]")
    .action(async (name, options) => finish(workflowsCommand(name, options)));
  sub("trust", "approve what the repository's .forkjoin.yaml defines, in exactly its present content")
    .option("--repo <dir>", "the repository", ".")
    .action(async (options) => finish(trustCommand(options)));
  sub("clean", "end and remove what dead processes left; work that was not accepted is kept")
    .option("--config <file>", "the operator's configuration")
    .action(async (options) => finish(cleanCommand(options)));
  sub("doctor", "what this machine lacks, if anything")
    .option("--repo <dir>", "the repository", ".")
    .option("--config <file>", "the operator's configuration")
    .action(async (options) => finish(doctorCommand(options)));
  knowledge(root);
  return root;
}

function knowledge(root: Command): void {
  const group = root.command("knowledge").description("the documents to read first, by the kind of work");
  const sub = (name: string, description: string): Command =>
    group
      .command(name)
      .description(description)
      .option(...JSON_OPTION)
      .option("--repo <dir>", "the repository", ".")
      .option("--config <file>", "the operator's configuration")
      .exitOverride();
  group.exitOverride();
  sub("init", "write a first knowledge_graph.json from the repository's documents")
    .option("--output <file>", "where to, instead of the repository's root")
    .action(async (options) => finish(knowledgeInitCommand(options)));
  sub("check", "list what in the graph does not resolve").action(async (options) =>
    finish(knowledgeCheckCommand(options)),
  );
  sub("load", "show what would be read for a request")
    .argument("<request>")
    .action(async (request, options) => finish(knowledgeLoadCommand(request, options)));
}

async function finish(command: Promise<number>): Promise<void> {
  process.exitCode = await command;
}

function usageFailure(message: string): Failure {
  return failure("invalid_input", message.replace(/^error: /, ""), "see `forkjoin --help`");
}

/** Carries out the command of the process's arguments. */
export async function commandLine(): Promise<void> {
  try {
    await program().parseAsync();
  } catch (error) {
    if (error instanceof CommandFailed) {
      if (process.argv.includes("--json")) printJson({ error: error.failure });
      printFailure(error.failure);
      process.exitCode = error.exitCode;
    } else if (error instanceof Error && "exitCode" in error && typeof error.exitCode === "number") {
      process.exitCode = error.exitCode === 0 ? EXIT.success : EXIT.usage;
      if (error.exitCode !== 0 && process.argv.includes("--json")) printJson({ error: usageFailure(error.message) });
    } else {
      const stopped = error instanceof RunStopped || error instanceof StorageError ? error.failure : diskFailure(error);
      if (stopped === undefined) throw error;
      if (process.argv.includes("--json")) printJson({ error: stopped });
      printFailure(stopped);
      process.exitCode = EXIT.incomplete;
    }
  }
}
