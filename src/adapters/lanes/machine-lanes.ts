/** The lanes port: slots in the run store, so that servers which know nothing of each other keep one limit, and ports that are free. */
import { createServer } from "node:net";
import { LANE_PORTS, type Lane, type Lanes } from "../../core/ports/lanes.ts";
import type { Owners } from "../../core/ports/owners.ts";
import type { RunStore } from "../../core/ports/run-store.ts";
import type { Sleep } from "../../core/ports/sleep.ts";

/** Below the ports that systems give out by themselves (32768 on Linux, 49152 elsewhere). */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;
const POLL_MS = 200;

export interface Machine {
  store: Pick<RunStore, "takeSlot" | "releaseSlot">;
  owners: Pick<Owners, "self" | "liveness">;
  /** most attempts at once on this machine, whatever repository they work on */
  limit: number;
  sleep: Sleep;
}

export function machineLanes(machine: Machine): Lanes {
  return {
    async take(request, signal) {
      while (!signal.aborted) {
        const number = machine.store.takeSlot(
          { ...request, machine: machine.limit, owner: machine.owners.self() },
          (owner) => machine.owners.liveness(owner) !== "dead",
        );
        if (number !== undefined) return laneOf(number, machine);
        await machine.sleep(POLL_MS, signal);
      }
      return undefined;
    },
  };
}

async function laneOf(number: number, { store, owners }: Machine): Promise<Lane> {
  const port_base = await freeBlock(number);
  return { number, port_base, release: () => store.releaseSlot(number, owners.self()) };
}

/** The lane's own block, or the next one of the same lane that is free: lanes never share a block, as there are 64 of them at most. */
async function freeBlock(number: number): Promise<number> {
  const stride = LANE_PORTS * 64;
  const first = FIRST_PORT + number * LANE_PORTS;
  for (let base = first; base + LANE_PORTS <= LAST_PORT; base += stride) {
    if (await isFreeBlock(base)) return base;
  }
  return first;
}

async function isFreeBlock(base: number): Promise<boolean> {
  const ports = Array.from({ length: LANE_PORTS }, (_, offset) => base + offset);
  return (await Promise.all(ports.map(isFree))).every(Boolean);
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
