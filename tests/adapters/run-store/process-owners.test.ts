/** Who lives, told by locks that real processes hold: however they end, wherever they are asked about, and never by mistake. */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { identityOf, livenessByPid } from "../../../src/adapters/process/process-identity.ts";
import { type ProcessOwners, processOwners } from "../../../src/adapters/run-store/process-owners.ts";
import { ProcessIdentity } from "../../../src/core/model/process-identity.ts";
import { withoutPrivileges } from "../../rig/without-privileges.ts";
import { OwnerProcess } from "./owner-process.ts";

/** Why a process cannot be given namespaces of its own here; undefined when it can. */
function cannotUnshare(...namespaces: string[]): string | undefined {
  try {
    execFileSync("unshare", [...namespaces, "true"], { stdio: "ignore" });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const PID_NAMESPACE = ["--pid", "--fork", "--mount-proc"];
const NO_PID_NAMESPACE = cannotUnshare(...PID_NAMESPACE);
const NO_HOST_NAME = cannotUnshare("--uts");
const reason = (why: string | undefined): string => (why === undefined ? "" : ` (skipped: ${why})`);

describe("the lock of a process", () => {
  let folder: string;
  let owners: ProcessOwners;
  let started: OwnerProcess[];

  const start = (...prefix: string[]): OwnerProcess => {
    const process = new OwnerProcess(folder, prefix);
    started.push(process);
    return process;
  };
  const ownersHere = (takeOver = false): ProcessOwners =>
    processOwners({ folder, identity: identityOf(process.pid), livenessByPid, takeOver });
  const locks = (): string[] => readdirSync(folder).filter((name) => name.endsWith(".lock"));

  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), "forkjoin-owners-")), "owners");
    owners = ownersHere();
    started = [];
  });

  afterEach(async () => {
    for (const process of started) process.child.kill("SIGCONT");
    await Promise.all(started.map((process) => process.kill()));
    owners.close();
    rmSync(join(folder, ".."), { recursive: true });
  });

  test("names the process in its own words, and is the same whenever it is asked for", () => {
    const self = owners.self();
    expect(self).toEqual({ ...identityOf(process.pid), lock: expect.stringMatching(/^\d+-[0-9a-f]{12}\.lock$/) });
    expect(owners.self()).toEqual(self);
    expect(owners.liveness(self)).toBe("alive");
    owners.close();
    expect(owners.liveness(self)).toBe("dead");
    expect(owners.self().lock).not.toBe(self.lock);
  });

  test("says that a process lives while it runs, and that it is dead as soon as it was killed", async () => {
    const other = start();
    const self = await other.self();
    expect(owners.liveness(self)).toBe("alive");
    await other.kill();
    expect(owners.liveness(self)).toBe("dead");
  });

  test("says so of a process whose work has ended by itself", async () => {
    const other = start();
    const self = await other.self();
    await other.ask({ do: "close" });
    expect(owners.liveness(self)).toBe("dead");
    expect(locks()).toEqual([]);
  });

  test.skipIf(process.platform === "win32")(
    "is held by a process that is stopped, and given back when it is killed",
    async () => {
      const other = start();
      const self = await other.self();
      other.child.kill("SIGSTOP");
      expect(owners.liveness(self)).toBe("alive");
      owners.sweep();
      expect(locks()).toEqual([self.lock]);
      await other.kill();
      expect(owners.liveness(self)).toBe("dead");
    },
  );

  test("is told of by every process in the same way", async () => {
    const [one, two] = [start(), start()];
    const mine = owners.self();
    const theirs = await one.self();
    const asked = [mine, theirs, await two.self()];
    for (const process of asked) expect(await two.ask({ do: "liveness", process })).toBe("alive");
    await one.kill();
    expect(await two.ask({ do: "liveness", process: theirs })).toBe("dead");
    owners.close();
    expect(await two.ask({ do: "liveness", process: mine })).toBe("dead");
  });

  test("counts although another process has the same number and start by now", async () => {
    const other = start();
    const self = await other.self();
    await other.kill();
    const reborn = { ...self, ...identityOf(process.pid) };
    expect(livenessByPid(reborn)).toBe("alive");
    expect(owners.liveness(reborn)).toBe("dead");
  });

  test.skipIf(NO_PID_NAMESPACE !== undefined)(
    `is seen from another pid namespace, where its number means nothing, and from outside${reason(NO_PID_NAMESPACE)}`,
    async () => {
      const inside = start("unshare", ...PID_NAMESPACE, "--kill-child");
      const mine = owners.self();
      const theirs = await inside.self();
      expect(theirs.pid_namespace).not.toBe(mine.pid_namespace);
      const { lock: _, ...withoutLock } = mine;
      expect(await inside.ask({ do: "liveness", process: withoutLock })).toBe("unknown");
      expect(await inside.ask({ do: "liveness", process: mine })).toBe("alive");
      expect(owners.liveness(theirs)).toBe("alive");
      await inside.ask({ do: "sweep" });
      owners.sweep();
      expect(locks().sort()).toEqual([mine.lock, theirs.lock].sort());
      owners.close();
      expect(await inside.ask({ do: "liveness", process: mine })).toBe("dead");
      await inside.kill();
      expect(owners.liveness(theirs)).toBe("dead");
    },
  );

  test.skipIf(NO_HOST_NAME !== undefined)(
    `is seen after the machine got another name, and told of in the same boot alone${reason(NO_HOST_NAME)}`,
    async () => {
      const renamed = start("unshare", "--uts", "sh", "-c", 'hostname forkjoin-renamed && exec "$@"', "sh");
      const before = start();
      const [mine, theirs] = [await before.self(), await renamed.self()];
      expect(theirs.host).toBe("forkjoin-renamed");
      expect(await renamed.ask({ do: "liveness", process: mine })).toBe("alive");
      expect(owners.liveness(theirs)).toBe("alive");
      await before.kill();
      expect(await renamed.ask({ do: "liveness", process: mine })).toBe("dead");
      await renamed.kill();
      expect(owners.liveness(theirs)).toBe("dead");
    },
  );

  describe("that is not here, or free", () => {
    const gone = { lock: "41-0123456789ab.lock" };
    const elsewhere = { host: "not-here", boot_id: "another", machine_id: "another" };
    const here = identityOf(process.pid);

    test.each([
      ["this boot", { ...here, host: "not-here", machine_id: "another" }],
      ["an earlier boot of this machine, under the same name", { ...here, boot_id: "earlier", machine_id: "another" }],
    ])("is that of a dead process when it was one of %s", (_, identity) => {
      expect(owners.liveness({ ...identity, ...gone })).toBe("dead");
    });

    test.skipIf(here.machine_id === undefined)(
      "is that of a dead process when its installation is this one, whatever it was called",
      () => {
        expect(owners.liveness({ ...here, ...gone, host: "not-here", boot_id: "earlier" })).toBe("dead");
      },
    );

    test("tells nothing of a process of another machine, until the operator says that it is dead", () => {
      const { machine_id: _, ...anonymous } = { ...here, ...elsewhere };
      for (const identity of [{ ...here, ...elsewhere }, anonymous]) {
        expect(owners.liveness({ ...identity, ...gone })).toBe("unknown");
        expect(ownersHere(true).liveness({ ...identity, ...gone })).toBe("dead");
      }
    });

    test("does not make the operator's word count for a process that is seen to live", async () => {
      const other = start();
      const self = await other.self();
      expect(ownersHere(true).liveness({ ...self, ...elsewhere })).toBe("alive");
    });

    test("is no lock of anybody's when the file is damaged", () => {
      mkdirSync(folder);
      writeFileSync(join(folder, gone.lock), "not a database ".repeat(500));
      expect(owners.liveness({ ...here, ...gone })).toBe("dead");
      owners.sweep();
      expect(locks()).toEqual([]);
    });
  });

  test.skipIf(process.platform === "win32")("that may not be opened is not taken for a free one", async () => {
    const other = start();
    const self = await other.self();
    const file = join(folder, self.lock ?? "");
    chmodSync(file, 0o000);
    await withoutPrivileges(join(folder, ".."), () => {
      expect(owners.liveness(self)).toBe("unknown");
      expect(ownersHere(true).liveness(self)).toBe("dead");
    });
    expect(owners.liveness(self)).toBe(process.getuid?.() === 0 ? "alive" : "unknown");
  });

  describe("of a record of an earlier version, without one", () => {
    test("is asked by number", async () => {
      const other = start();
      const { lock: _, ...earlier } = await other.self();
      expect(owners.liveness(earlier)).toBe("alive");
      await other.kill();
      expect(owners.liveness(earlier)).toBe("dead");
    });

    test("tells nothing from another machine, until the operator says that it is dead", () => {
      const elsewhere = { host: "not-here", pid: 41, start_time: "1", boot_id: "another" };
      expect(owners.liveness(elsewhere)).toBe("unknown");
      expect(ownersHere(true).liveness(elsewhere)).toBe("dead");
    });
  });

  describe("sweeping", () => {
    test("takes away the locks of the dead, and of nobody else", async () => {
      const [living, dead] = [start(), start()];
      const mine = owners.self();
      const theirs = await living.self();
      await dead.self();
      await dead.kill();
      writeFileSync(join(folder, "note.txt"), "");
      expect(locks()).toHaveLength(3);
      owners.sweep();
      expect(locks().sort()).toEqual([mine.lock, theirs.lock].sort());
      expect(existsSync(join(folder, "note.txt"))).toBe(true);
    });

    test("does nothing where there has been no owner yet", () => {
      owners.sweep();
      expect(existsSync(folder)).toBe(false);
    });

    test("never takes away the lock of a process that begins at the same moment", async () => {
      const sweepers = [start(), start()];
      const beginners = [start(), start()];
      for (const process of [...sweepers, ...beginners]) await process.self();
      const sweeping = sweepers.map((process) => process.ask({ do: "sweep", times: 40 }));
      const begun = await Promise.all(beginners.map((process) => process.ask({ do: "locks", count: 40 })));
      await Promise.all(sweeping);
      owners.sweep();
      const all = z.array(z.array(ProcessIdentity)).parse(begun).flat();
      expect(all).toHaveLength(80);
      expect(all.filter((process) => owners.liveness(process) !== "alive")).toEqual([]);
    });
  });
});
