/** What the operating system says of a process that is named by its number. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { identityOf, livenessByPid } from "../../../src/adapters/process/process-identity.ts";
import { CAN_SEE_PROCESSES } from "../../rig/processes.ts";

describe("by its number a process is", () => {
  const self = identityOf(process.pid);
  const elsewhere = { host: `not-${self.host}`, machine_id: "another" };

  test("alive, and not another one with its number or start", () => {
    expect(livenessByPid(self)).toBe("alive");
    expect(livenessByPid({ ...self, start_time: "1" })).toBe("dead");
  });

  test("alive after its machine got another name, in the same boot", () => {
    expect(livenessByPid({ ...self, host: `not-${self.host}` })).toBe("alive");
  });

  test("dead when this machine has booted since, known by its installation or by its name", () => {
    expect(livenessByPid({ ...self, boot_id: "earlier", machine_id: "another" })).toBe("dead");
    if (self.machine_id === undefined) return;
    expect(livenessByPid({ ...self, boot_id: "earlier", host: `not-${self.host}` })).toBe("dead");
  });

  test("unknown when it ran on another machine", () => {
    expect(livenessByPid({ ...self, ...elsewhere, boot_id: "another" })).toBe("unknown");
    const { machine_id: _, ...anonymous } = { ...self, ...elsewhere, boot_id: "another" };
    expect(livenessByPid(anonymous)).toBe("unknown");
  });

  test.skipIf(!CAN_SEE_PROCESSES)("unknown when its number means another process here", () => {
    expect(livenessByPid({ ...self, pid_namespace: "pid:[1]" })).toBe("unknown");
    expect(livenessByPid({ ...self, pid_namespace: "pid:[1]", boot_id: "earlier" })).toBe("dead");
  });

  test("known without a namespace, as earlier versions wrote it", () => {
    const { pid_namespace: _, machine_id: __, ...earlier } = self;
    expect(livenessByPid(earlier)).toBe("alive");
    expect(livenessByPid({ ...earlier, start_time: "1" })).toBe("dead");
  });

  test("dead once it has ended", async () => {
    const child = spawn("sleep", ["600"], { stdio: "ignore" });
    const identity = identityOf(child.pid ?? 0);
    expect(livenessByPid(identity)).toBe("alive");
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(livenessByPid(identity)).toBe("dead");
  });
});
