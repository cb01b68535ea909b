/** Durable steps of the run store: what SQLite commits, through `node:sqlite` and `libsql` alike, and what it locks exclusively. */
import Module from "node:module";

const READS = /^\s*(SELECT|PRAGMA|EXPLAIN|VALUES)\b/i;
const TABLE = /^\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM)\s+"?(\w+)/i;
const EVENT = /"type":"(\w+)"/g;

export function hookStore(begin) {
  const own = process.getBuiltinModule?.("node:sqlite");
  if (own?.DatabaseSync !== undefined) hook(own.DatabaseSync, begin);
  const load = Module._load;
  const hooked = new Set();
  Module._load = function (id, ...rest) {
    const loaded = load.call(this, id, ...rest);
    if (id === "libsql" && !hooked.has(loaded)) {
      hooked.add(loaded);
      hook(loaded, begin);
    }
    return loaded;
  };
}

function hook(Database, begin) {
  /** database → what the transaction that is open in it has written, or undefined */
  const open = new WeakMap();
  const { exec, prepare } = Database.prototype;

  Database.prototype.exec = function (sql) {
    const command = sql.trim().toUpperCase();
    if (command.startsWith("BEGIN EXCLUSIVE")) return during(begin("lock exclusive"), () => run(this, sql));
    if (command.startsWith("COMMIT") || command.startsWith("END")) {
      const written = open.get(this) ?? new Set();
      open.delete(this);
      return written.size === 0 ? exec.call(this, sql) : during(begin(nameOf(written)), () => exec.call(this, sql));
    }
    return run(this, sql);
  };

  function run(database, sql) {
    const command = sql.trim().toUpperCase();
    if (command.startsWith("BEGIN")) open.set(database, new Set());
    else if (command.startsWith("ROLLBACK")) open.delete(database);
    else if (!READS.test(sql)) return write(database, sql, [], () => exec.call(database, sql));
    return exec.call(database, sql);
  }

  Database.prototype.prepare = function (sql) {
    const statement = prepare.call(this, sql);
    if (READS.test(sql)) return statement;
    for (const method of ["run", "get", "all"]) {
      const original = statement[method];
      statement[method] = (...values) => write(this, sql, values, () => original.apply(statement, values));
    }
    return statement;
  };

  /** Outside a transaction a statement is one of its own. */
  function write(database, sql, values, action) {
    const names = [TABLE.exec(sql)?.[1] ?? "schema", ...eventsIn(values)];
    const written = open.get(database);
    if (written === undefined) return during(begin(nameOf(new Set(names))), action);
    for (const name of names) written.add(name);
    return action();
  }
}

function eventsIn(values) {
  return values.flatMap((value) =>
    typeof value === "string" ? [...value.matchAll(EVENT)].map((found) => found[1]) : [],
  );
}

function nameOf(written) {
  return `commit ${[...written].sort().join(" ")}`;
}

function during(over, action) {
  const value = action();
  over();
  return value;
}
