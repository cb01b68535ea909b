/**
 * Precision and recall of resolved imports against hand-labelled samples: for every labelled place, the files the analyser finds
 * there against the files a person named. node label-check.mjs LABELS REPOSITORY
 */
import { readFileSync } from "node:fs";
import { openCode } from "./open-code.mjs";

export async function checkLabels(labelFile, repository) {
  const { edges, commit } = JSON.parse(readFileSync(labelFile, "utf8"));
  const { index, loadWithTargets, close } = await openCode(repository, commit);
  await loadWithTargets(
    edges.map((edge) => edge.file),
    index,
  );
  const result = { labelled: 0, found: 0, right: 0, differing: [] };
  for (const { file, line, specifier, targets } of edges) {
    const facts = index.factsOf(file)?.imports ?? [];
    const here = facts.filter(
      (fact) =>
        fact.line === line || (fact.names.some((name) => name.as.includes("::")) && specifier.includes(fact.specifier)),
    );
    const found = new Set(here.flatMap((fact) => index.targets(file, fact).map((target) => target.path)));
    found.delete(file);
    const right = targets.filter((target) => found.has(target)).length;
    result.labelled += targets.length;
    result.found += found.size;
    result.right += right;
    if (right !== targets.length || right !== found.size)
      result.differing.push({ file, line, specifier, labelled: targets, found: [...found] });
  }
  close();
  return { ...result, precision: result.right / result.found, recall: result.right / result.labelled };
}

if (process.argv[1] === import.meta.filename)
  console.log(JSON.stringify(await checkLabels(process.argv[2], process.argv[3]), null, 1));
