/** Ports of a lane: a block of which nobody uses a single one. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { machineLanes } from "../../../src/adapters/lanes/machine-lanes.ts";
import { identityOf, livenessByPid } from "../../../src/adapters/process/process-identity.ts";
import { openRunStore } from "../../../src/adapters/run-store/sqlite-run-store.ts";
import { LANE_PORTS } from "../../../src/core/ports/lanes.ts";

/** Undefined when somebody else has the port: then it is in use all the same. */
async function occupied(port: number): Promise<Server | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

test("a lane gets the next block when one port of its own is in use, wherever in the block it is", async () => {
  const folder = mkdtempSync(join(tmpdir(), "forkjoin-lanes-"));
  const store = openRunStore(join(folder, "store.db"), { now: () => Date.now() });
  const owners = { self: () => identityOf(process.pid), liveness: livenessByPid };
  const lanes = machineLanes({ store, owners, limit: 2, sleep: async () => undefined });
  const { signal } = new AbortController();
  const take = async () => lanes.take({ repository: "/r", limit: 2 }, signal);
  const first = await take();
  const usual = first?.port_base ?? 0;
  first?.release();
  const server = await occupied(usual + LANE_PORTS - 1);
  const second = await take();
  server?.close();
  store.close();
  rmSync(folder, { recursive: true });
  expect([first?.number, second?.number]).toEqual([0, 0]);
  expect(second?.port_base).not.toBe(usual);
  expect(((second?.port_base ?? 0) - usual) % LANE_PORTS).toBe(0);
});
