/** One workspace at the head of a place's repository, made by the product's own adapter. */

import { locateRepository } from "../../build/adapters/git/repository/repository-location.js";
import { gitWorkspaces } from "../../build/adapters/git/workspace/git-workspaces.js";

export async function workspaceOf(place, name) {
  const located = await locateRepository(place.repository);
  const request = { run_id: "bench", name, base: place.git("rev-parse", "HEAD"), copy: [] };
  const created = await gitWorkspaces(located.value, place.home).create(request, new AbortController().signal);
  if (!created.ok) throw new Error(created.error.message);
  return created.value;
}
