/** The package's own version, for `--version` and the MCP handshake; read with nothing else loaded. */
import { readFileSync } from "node:fs";

const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");

export const version: string = /"version": "([^"]+)"/.exec(text)?.[1] ?? "unknown";
