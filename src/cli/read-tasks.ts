/** The task files named on the command line, separated by commas, as one list. */
import { resolve } from "node:path";
import { readTaskFiles } from "../adapters/configuration/read-task-files.ts";
import { expect } from "./session.ts";

interface ReadTasks {
  files: string[];
  tasks: unknown[];
  request: string | undefined;
}

export async function readTasks(named: string): Promise<ReadTasks> {
  const files = named
    .split(",")
    .map((file) => file.trim())
    .filter((file) => file !== "");
  return { files, ...expect(await readTaskFiles(files.map((file) => resolve(file)))) };
}
