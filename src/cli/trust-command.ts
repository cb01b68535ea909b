/** `trust`: the operator approves what the repository's own file defines, by its exact content. */
import { approve, forkjoinHome, locateRepository, REPOSITORY_FILE, readRepositoryFile } from "../compose.ts";
import { failure } from "../core/model/failure.ts";
import { CommandFailed, EXIT, plain, print, printJson } from "./output.ts";
import { expect } from "./session.ts";

export async function trustCommand(options: { repo: string; json?: boolean }): Promise<number> {
  const { root } = expect(await locateRepository(options.repo));
  const read = expect(await readRepositoryFile(root));
  if (read === undefined) {
    const hint = "nothing needs to be approved";
    throw new CommandFailed(failure("invalid_input", `${root} has no ${REPOSITORY_FILE}`, hint));
  }
  await approve(forkjoinHome(), root, read.digest);
  const { file, digest, defines, keys } = read;
  if (options.json) printJson({ file, digest, defines });
  else print(plain(`approved ${file} (${digest.slice(0, 12)}):\n${JSON.stringify(keys, null, 2)}`));
  return EXIT.success;
}
