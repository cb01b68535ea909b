/** A user's acts on the command line, and how the user goes on with each after its process has died. */
import type { Room } from "./room.ts";
import type { Act } from "./scenario.ts";

/** The whole run; after a crash it is resumed, or begun again where nothing of it is on record. */
export function run(exits: number[], ...more: string[]): Act {
  const args = (room: Room): string[] => ["run", "--tasks", room.taskFile, ...room.usual, ...more];
  return {
    ...{ name: "run", exits },
    begin: (room) => room.cli(args(room)),
    again: async (room) => {
      const id = await room.findRun();
      return room.cli(id === undefined ? args(room) : ["resume", id, ...room.configured]);
    },
  };
}

export function resume(exits: number[]): Act {
  return repeated("resume", exits, (room) => room.configured);
}

/** A command about the run that is given again after a crash. */
export function repeated(name: string, exits: number[], more: (room: Room) => string[] = () => []): Act {
  const act = async (room: Room) => room.cli([name, (await room.findRun()) ?? "none", ...more(room)]);
  return { name, exits, begin: act, again: act };
}

/** A command about the whole machine. */
export function command(name: string, exits: number[]): Act {
  const act = (room: Room) => room.cli([name]);
  return { name, exits, begin: act, again: act };
}

/** Kills `act` at the first step whose name fits, and leaves everything as it is then. */
export function killed(act: Act, step: RegExp, moment: "before" | "after"): Act {
  return {
    ...{ name: `killed ${act.name}`, exits: [null], again: act.again },
    begin: async (room) => {
      room.arm({ process: act.name, at: `/${step.source}/:${moment}` });
      const ended = await act.begin(room);
      room.arm();
      return ended;
    },
  };
}
