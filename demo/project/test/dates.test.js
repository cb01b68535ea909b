import assert from "node:assert/strict";
import { test } from "node:test";
import { addDays, daysBetween, isoDate } from "../src/dates.js";

test("a day is YYYY-MM-DD and must exist", () => {
  assert.equal(isoDate("2024-02-29"), "2024-02-29");
  for (const text of ["2025-02-29", "2025-13-01", "2025-1-1", "31.03.2025", ""]) {
    assert.throws(() => isoDate(text), /is not a day/, text);
  }
});

test("addDays crosses months, years and leap days", () => {
  assert.equal(addDays("2025-01-31", 30), "2025-03-02");
  assert.equal(addDays("2024-01-31", 30), "2024-03-01");
  assert.equal(addDays("2025-01-01", -1), "2024-12-31");
});

test("daysBetween counts forwards and backwards", () => {
  assert.equal(daysBetween("2025-03-01", "2025-03-31"), 30);
  assert.equal(daysBetween("2025-03-31", "2025-03-01"), -30);
  assert.equal(daysBetween("2025-03-31", "2025-03-31"), 0);
});
