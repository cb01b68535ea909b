/** Bytes to text, or the reason why the file is not source: too large, binary. A byte order mark is dropped, latin-1 is read as such. */

/** Larger files are generated or data; reading them would cost more than they can tell. */
export const MAX_SOURCE_BYTES = 2_000_000;
const SNIFFED = 8_192;

export type Decoded = { text: string; note?: string } | { skipped: string };

export function decodeSource(content: Uint8Array): Decoded {
  if (content.length > MAX_SOURCE_BYTES) return { skipped: `larger than ${MAX_SOURCE_BYTES / 1_000_000} MB` };
  if (content.subarray(0, SNIFFED).includes(0)) return { skipped: "binary" };
  const text = new TextDecoder("utf-8").decode(content);
  if (!text.includes("\uFFFD")) return { text };
  return { text: new TextDecoder("latin1").decode(content), note: "not UTF-8: read as latin-1" };
}
