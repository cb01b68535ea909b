/** A record's value by a name from outside: `constructor` and its like are names nobody defined. */
export function ownValue<T>(record: Record<string, T>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
