/** One cold run: imports, symbols and references of every code file below a folder. node import-graph.mjs REPOSITORY [PREFIX] [CACHE] */
import { openCode } from "./open-code.mjs";

const [, , repository, prefix = "", cache] = process.argv;
const { index, importEdges, close } = await openCode(repository, "HEAD", cache);
const files = index
  .codeFiles()
  .filter((path) => path.startsWith(prefix) && /^(java|type)script$/.test(index.languageOf(path) ?? ""));
await index.load(files);
const edges = importEdges(files, index);
const symbols = files.reduce((sum, path) => sum + (index.factsOf(path)?.symbols.length ?? 0), 0);
close();
process.stdout.write(`${JSON.stringify({ files: files.length, edges: edges.length, symbols })}\n`);
