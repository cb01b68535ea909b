/** JSON and YAML texts as plain values, and single values carried from one text into another while everything around them stays as it is. */

export type StructuredFormat = "json" | "yaml";

/** From the root to a value: keys of maps, places in lists. */
export type KeyPath = (string | number)[];

export interface StructuredText {
  /** Undefined when the text is not sound: broken, a key twice, or a feature that plain values do not have (anchors, tags). */
  read(format: StructuredFormat, text: string): { value: unknown } | undefined;
  /** Every comment as it is written, without the blanks around it. */
  comments(format: StructuredFormat, text: string): string[];
  /**
   * `into` with the values at `places` as they are in `from`: set, added beside the neighbour they have there, or removed when
   * `from` has none. Comments, order and formatting of the rest stay. Undefined when that cannot be done faithfully.
   */
  graft(format: StructuredFormat, sides: { into: string; from: string }, places: KeyPath[]): string | undefined;
}
