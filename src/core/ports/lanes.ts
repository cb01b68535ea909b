/** Where on this machine an attempt runs: one slot of a limit that all Forkjoin processes share, with ports of its own. */

/** A slot while an attempt holds it. */
export interface Lane {
  /** from 0; unique among the attempts that run now on this machine */
  number: number;
  /** the first of `LANE_PORTS` consecutive ports that nobody uses */
  port_base: number;
  /** Gives the slot back. */
  release(): void;
}

export interface LaneRequest {
  /** absolute path: runs of one repository share its limit, whichever process they belong to */
  repository: string;
  /** most attempts at once on that repository */
  limit: number;
}

export interface Lanes {
  /** Waits for a free slot; undefined when `signal` is aborted first. Slots of processes that died are free. */
  take(request: LaneRequest, signal: AbortSignal): Promise<Lane | undefined>;
}

/** How many ports belong to a lane. */
export const LANE_PORTS = 20;
