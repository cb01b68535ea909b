/** A chat client that does the tasks itself: its server is killed and started again, and the client goes on with what it remembers. */
import { chat } from "../../rig/crash/chat.ts";
import type { Scenario } from "../../rig/crash/scenario.ts";
import { THREE } from "./runs.ts";

export const leases: Scenario = {
  name: "leases",
  config: { agents: {}, default_agent: "client", lease: "5s" },
  tasks: THREE,
  agents: {},
  acts: [chat([0])],
};
