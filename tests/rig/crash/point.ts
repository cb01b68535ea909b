/** Where a process is killed: before or after the n-th durable step of the command that an act begins with. */

export interface Point {
  /** name of the command or server */
  process: string;
  step: number;
  moment: "before" | "after";
}

/** As it is printed and read: `run.17:before`. */
export function written({ process, step, moment }: Point): string {
  return `${process}.${step}:${moment}`;
}

/** Without a process it is the `usual` one. Throws on what is no point. */
export function pointOf(text: string, usual: string): Point {
  const {
    process = usual,
    step,
    moment,
  } = /^(?:(?<process>\w+)\.)?(?<step>\d+):(?<moment>\w+)$/.exec(text)?.groups ?? {};
  if (step === undefined || (moment !== "before" && moment !== "after")) {
    throw new Error(`point ${text}: write it as ${usual}.17:before or ${usual}.17:after`);
  }
  return { process, step: Number(step), moment };
}

/** Both moments of each step. */
export function pointsOf(process: string, steps: string[]): Point[] {
  return steps.flatMap((_, index): Point[] => [
    { process, step: index + 1, moment: "before" },
    { process, step: index + 1, moment: "after" },
  ]);
}
