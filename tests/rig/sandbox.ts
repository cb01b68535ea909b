/** Whether this machine has a sandbox that works: tests that need one say so when they skip. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bubblewrap } from "../../src/adapters/sandbox/bubblewrap.ts";
import type { SandboxProbe } from "../../src/core/ports/sandbox.ts";

export const SANDBOX: SandboxProbe = bubblewrap(join(tmpdir(), `forkjoin-probe-${process.pid}`)).probe();

if (!SANDBOX.works) console.warn(`skipped what needs the sandbox: ${SANDBOX.why}; ${SANDBOX.cure}`);
