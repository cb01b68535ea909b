/** The workflows 202 and 100 that come with Forkjoin, with agents for all phases and a sync point, in batches and without barriers. */
import { run } from "../../rig/crash/acts.ts";
import type { Scenario } from "../../rig/crash/scenario.ts";

const handBack = (value: unknown): string => `cat > "$FORKJOIN_OUTPUT_FILE" <<END
${JSON.stringify(value)}
END`;

function modes(scenario: Scenario): Scenario[] {
  const streaming = { ...scenario.config, mode: "streaming" };
  return [scenario, { ...scenario, name: `${scenario.name}-streaming`, config: streaming }];
}

/** Two bugs: a test that fails, the cause, the fix; they meet; a look at it. */
const bugFixing: Scenario = {
  name: "workflow-202",
  files: { "src/left.txt": "wrong\n", "src/right.txt": "wrong\n", "tests/none.sh": "true\n" },
  config: {
    checks: { test: { command: ["sh", "-c", 'for test in tests/*.sh; do sh "$test" || exit 1; done'] } },
    validate: ["test"],
  },
  tasks: {
    orchestration: {
      workflow: "202",
      instances: [
        { id: "left", bug: "left.txt is wrong" },
        { id: "right", bug: "right.txt is wrong" },
      ],
    },
  },
  agents: {
    "*.reproduce.scope": handBack({ tasks: [{ description: "Reproduce it", files: ["tests/$id.sh"] }] }),
    "*.reproduce.*": 'echo "grep -q good src/$id.txt" > "tests/$id.sh"',
    "*.root_cause": handBack({ notes: "a word", tasks: [{ description: "Fix it", files: ["src/$id.txt"] }] }),
    "*.fix.*": 'echo good > "src/$id.txt"',
    "*.verify": handBack({ notes: "gone", passed: true, tasks: [] }),
  },
  acts: [run([0])],
};

/** Two targets: findings, each document on its own; they meet; and one registry, one after the other. */
const docSync: Scenario = {
  name: "workflow-100",
  files: { "docs/README.md": "# Documents\n", "docs/left.md": "old\n", "docs/right.md": "old\n" },
  config: { checks: { test: { command: ["test", "-s", "docs/README.md"] } }, validate: ["test"] },
  tasks: {
    orchestration: {
      workflow: "100",
      instances: [
        { id: "left", target: "docs/left.md" },
        { id: "right", target: "docs/right.md" },
      ],
      sync_point: "after_phase_2",
    },
  },
  agents: {
    "*.discovery": handBack({ notes: "it is old" }),
    "*.sync*": 'echo new > "docs/$id.md"',
    "*.registry*": 'echo "- $id" >> docs/README.md',
  },
  acts: [run([0])],
};

export const workflows: Scenario[] = [...modes(bugFixing), ...modes(docSync)];
