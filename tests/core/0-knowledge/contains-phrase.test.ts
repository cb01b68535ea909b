import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { containsPhrase, foldText } from "../../../src/core/0-knowledge/contains-phrase.ts";

function contains(text: string, phrase: string): boolean {
  return containsPhrase(foldText(text), foldText(phrase));
}

describe("containsPhrase", () => {
  test.each([
    ["Please CHECK it.", "check"],
    ["check", "check"],
    ["a new\n   route, please", "New  Route"],
    ["uma ANÁLISE", "analise"],
    ["uma analise", "análise"],
    ["Die STRASSE", "Straße"],
    ["the İstanbul office", "istanbul"],
    ["rewrite it in C++ now", "C++"],
    ["pre-check", "check"],
    ["乗客への告知を書く", "告知"],
    ["Ｆｕｌｌ width", "full"],
    ["checklist, then check", "check"],
    ["a 𝒳 b", "x"],
  ])("%j contains %j", (text, phrase) => {
    expect(contains(text, phrase)).toEqual(true);
  });

  test.each([
    ["a checklist", "check"],
    ["recheck", "check"],
    ["check_all", "check"],
    ["check2", "check"],
    ["naïveté", "naïve"],
    ["new and route", "new route"],
    ["the newest route", "new route"],
    ["anything", ""],
    ["anything", "   "],
    ["aaa", "a.a"],
  ])("%j does not contain %j", (text, phrase) => {
    expect(contains(text, phrase)).toEqual(false);
  });

  test("no text can act as a pattern: a phrase between spaces is always found as itself", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (phrase) => {
        const isBlank = foldText(phrase) === "";
        expect(containsPhrase(`so ${foldText(phrase)} then`, foldText(phrase))).toEqual(!isBlank);
      }),
    );
  });
});
