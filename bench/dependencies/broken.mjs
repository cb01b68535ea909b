/** A repository with deliberately broken sources, whole: it has to go through, every file read, read in part or refused with a reason. */
import { clone, row } from "./ground.mjs";
import { openCode } from "./open-code.mjs";

export async function broken(name) {
  const what = `every code file of ${name}, broken ones too`;
  const repository = clone(name, what);
  if (repository === undefined) return;
  const { index, importEdges, loadWithTargets, referencesOf, close } = await openCode(repository);
  const files = index.codeFiles();
  await loadWithTargets(files, index);
  const edges = importEdges(files, index).length;
  const references = files.reduce((sum, path) => sum + referencesOf(path, index).length, 0);
  close();
  const facts = files.map((path) => index.factsOf(path));
  const count = (status) => facts.filter((one) => one?.status === status).length;
  const failed = facts.filter((one) => one === undefined || /parser failed/.test(one.reason ?? "")).length;
  const reached = `${files.length} files: ${count("ok")} whole, ${count("partial")} in part, ${count("skipped")} skipped, ${failed} failed`;
  row(what, "no crash, 0 failed", `${reached}; ${edges} import edges, ${references} references`);
}
