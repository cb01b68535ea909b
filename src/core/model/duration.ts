/** Durations are integers of milliseconds inside and strings such as `5min` or `1h 30m` on the wire. */
import { z } from "zod";

const UNIT_MS = new Map([
  ["ms", 1],
  ...["s", "sec", "second", "seconds"].map((unit) => [unit, 1_000] as const),
  ...["m", "min", "mins", "minute", "minutes"].map((unit) => [unit, 60_000] as const),
  ...["h", "hr", "hour", "hours"].map((unit) => [unit, 3_600_000] as const),
]);
const MAX_MS = 7 * 24 * 3_600_000;
const PART = /(\d{1,9}(?:\.\d{1,3})?)\s*([a-z]+)/gy;

/** Milliseconds of `text` (`90s`, `5min`, `1h 30m`, `1.5h`), or undefined when it is not a positive duration of at most 7 days. */
export function parseDuration(text: string): number | undefined {
  const normal = text.trim().toLowerCase();
  if (normal.length === 0 || normal.length > 40) return undefined;
  let total = 0;
  let position = 0;
  while (position < normal.length) {
    PART.lastIndex = position;
    const match = PART.exec(normal);
    const unit = match === null ? undefined : UNIT_MS.get(match[2] ?? "");
    if (match === null || unit === undefined) return undefined;
    total += Number(match[1]) * unit;
    position = PART.lastIndex;
    while (normal[position] === " ") position++;
  }
  const ms = Math.round(total);
  return ms > 0 && ms <= MAX_MS ? ms : undefined;
}

/** A short text of `ms`: `0s`, `350ms`, `4.2s`, `5min`, `1h 30min`. Exact below a second, then to a tenth, from a minute on to the second. */
export function formatDuration(ms: number): string {
  if (ms === 0) return "0s";
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms < 1_000) return `${Math.round(ms)}ms`;
  if (ms < 59_950 && ms % 1_000 !== 0) return `${Math.round(ms / 100) / 10}s`;
  const seconds = Math.round(ms / 1_000);
  const parts = [
    { value: Math.floor(seconds / 3_600), unit: "h" },
    { value: Math.floor((seconds % 3_600) / 60), unit: "min" },
    { value: seconds % 60, unit: "s" },
  ];
  return parts
    .filter((part) => part.value > 0)
    .map((part) => `${part.value}${part.unit}`)
    .join(" ");
}

export const DurationText: z.ZodType<string> = z
  .string()
  .refine(
    (text) => parseDuration(text) !== undefined,
    "must be a duration such as 90s, 5min or 1h 30m, of at most 7 days",
  );
