/** A task that only uses code of another one runs without it when that one fails; one that declares the need does not. */
import { expect, test } from "vitest";
import { few } from "../rig/extent.ts";
import { Rig } from "../rig/rig.ts";
import { append, run } from "../rig/steps.ts";

const FILES = {
  "src/price.js": "export const price = (x) => x;\n",
  "src/shop.js": 'import { price } from "./price.js";\nexport const shop = () => price(1);\n',
  "README.md": "# Shop\n",
};

test.each(few(1, ["batches", "streaming"]))("%s: an inferred edge orders, and does not condemn", async (mode) => {
  await using rig = await Rig.create({ files: FILES });
  rig.script({ price: [run("false")], shop: [append("src/shop.js", "// x\n")], docs: [append("README.md", "x\n")] });
  const tasks = rig.tasks(
    { id: "price", files: ["src/price.js"] },
    { id: "shop", files: ["src/shop.js"] },
    { id: "docs", files: ["README.md"], depends_on: ["price"] },
  );
  const { report } = await rig.run(tasks, "--mode", mode);
  expect(report.tasks.map(({ task_id, status }) => `${task_id} ${status}`)).toEqual([
    "price failed",
    "shop success",
    "docs skipped",
  ]);
  expect(report.tasks[1]?.notes).toEqual([expect.stringContaining("without the work of price")]);
});
