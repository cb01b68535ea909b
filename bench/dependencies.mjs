/**
 * Dependency analysis against its goals: cost beside the peers, accuracy beside the oracles, needs over real commits. Needs
 * `npm run build`. Usage: npm run bench -- dependencies [SECTION …]; clones are expected in $FORKJOIN_BENCH_REPOS, published replay
 * windows in $FORKJOIN_BENCH_DATA; what is missing is skipped, and said. ROUNDS (3) repeats what is timed, EXPLAIN=1 shows what differs.
 */
import {
  labelled,
  python,
  typescriptDefinitions,
  typescriptImports,
  typescriptReferences,
} from "./dependencies/accuracy.mjs";
import { broken } from "./dependencies/broken.mjs";
import { cost } from "./dependencies/cost.mjs";
import { table } from "./dependencies/ground.mjs";
import { publishedWindows, scannedWindows } from "./dependencies/replay-windows.mjs";
import { warm } from "./dependencies/warm.mjs";

const WINDOWS = { windows: 4, size: 20, every: 80 };
const rounds = Number(process.env.ROUNDS ?? 3);

const SECTIONS = {
  cost: async () => {
    cost({ name: "playwright", folder: "packages", rounds });
    cost({ name: "medusa", folder: "packages", rounds });
  },
  warm: async () => warm({ name: "medusa", file: "packages/core/utils/src/common/is-string.ts", rounds }),
  typescript: async () => {
    for (const name of ["playwright", "medusa", "trpc"]) await typescriptImports(name);
    await typescriptReferences("playwright");
    for (const name of ["playwright", "medusa"]) await typescriptDefinitions(name);
  },
  python: async () => python("celery"),
  labels: async () => {
    await labelled("go", "caddy");
    await labelled("rust", "bat");
    await labelled("java", "guice");
  },
  broken: async () => broken("typescript-eslint"),
  windows: async () => {
    await publishedWindows();
    await scannedWindows(["celery", "caddy", "trpc", "guice"], WINDOWS);
  },
  // repositories nobody looked at while the analyser was built
  unseen: async () => {
    await typescriptImports("core");
    await typescriptReferences("core");
    await typescriptDefinitions("core");
    await python("scrapy");
    await scannedWindows(["core", "scrapy"], WINDOWS);
  },
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(SECTIONS, name));
if (unknown.length > 0) {
  process.stderr.write(`no section ${unknown.join(", ")}; there are: ${Object.keys(SECTIONS).join(", ")}\n`);
  process.exit(2);
}
for (const name of wanted.length === 0 ? Object.keys(SECTIONS) : wanted) await SECTIONS[name]();
console.log(table());
