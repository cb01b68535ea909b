/** The paths of which a git index says that git shall not look: read from its bytes, because no git runs on what an agent wrote. */

const HEADER_BYTES = 12;
/** times, device, inode, mode, owner and size of an entry, before its object id */
const STAT_BYTES = 40;
/** name and size of an extension */
const EXTENSION_BYTES = 8;
const ASSUME_UNCHANGED = 0x8000;
const EXTENDED = 0x4000;
const SKIP_WORKTREE = 0x4000;

export interface IndexFlags {
  /** entries flagged `assume-unchanged` or `skip-worktree`, sorted; as many as could be read where the index is damaged */
  hidden: string[];
  /** most entries are in another file, and their flags with them */
  isSplit: boolean;
}

export function indexFlags(index: Buffer, objectFormat: string): IndexFlags {
  if (index.length < HEADER_BYTES || index.toString("latin1", 0, 4) !== "DIRC") return { hidden: [], isSplit: false };
  const layout = { version: index.readUInt32BE(4), idBytes: objectFormat === "sha256" ? 32 : 20 };
  const hidden: string[] = [];
  let entry: Entry = { path: Buffer.alloc(0), hidden: false, end: HEADER_BYTES };
  for (let left = index.readUInt32BE(8); left > 0; left--) {
    const next = entryAt(index, entry, layout);
    if (next === undefined) return { hidden: hidden.sort(), isSplit: false };
    entry = next;
    // Without a name it stands for one of the other file.
    if (entry.hidden && entry.path.length > 0) hidden.push(entry.path.toString("utf8"));
  }
  return { hidden: hidden.sort(), isSplit: hasLink(index, entry.end, layout) };
}

/** Whether one of the extensions, between the entries and the checksum, names another file of entries. */
function hasLink(index: Buffer, start: number, { idBytes }: Layout): boolean {
  let at = start;
  while (at + EXTENSION_BYTES <= index.length - idBytes) {
    if (index.toString("latin1", at, at + 4) === "link") return true;
    at += EXTENSION_BYTES + index.readUInt32BE(at + 4);
  }
  return false;
}

interface Entry {
  path: Buffer;
  hidden: boolean;
  /** where the next one begins */
  end: number;
}

interface Layout {
  version: number;
  idBytes: number;
}

/** The entry after `before`; undefined where the bytes end. */
function entryAt(index: Buffer, before: Entry, { version, idBytes }: Layout): Entry | undefined {
  const start = before.end;
  const flagsAt = start + STAT_BYTES + idBytes;
  if (flagsAt + 4 > index.length) return undefined;
  const flags = index.readUInt16BE(flagsAt);
  const isExtended = version >= 3 && (flags & EXTENDED) !== 0;
  const more = isExtended ? index.readUInt16BE(flagsAt + 2) : 0;
  const named = nameAt(index, flagsAt + (isExtended ? 4 : 2), version === 4 ? before.path : undefined);
  if (named === undefined) return undefined;
  const hidden = (flags & ASSUME_UNCHANGED) !== 0 || (more & SKIP_WORKTREE) !== 0;
  // Up to version 3 entries are padded with NULs, one at least, to a multiple of eight bytes.
  const end = version === 4 ? named.end + 1 : start + Math.floor((named.end - start) / 8) * 8 + 8;
  return { path: named.path, hidden, end };
}

/** A name up to its NUL; in version 4 it says first how much of the name before it goes away. */
function nameAt(index: Buffer, at: number, before: Buffer | undefined): { path: Buffer; end: number } | undefined {
  const cut = before === undefined ? { value: 0, end: at } : offsetAt(index, at);
  const end = index.indexOf(0, cut.end);
  if (end === -1) return undefined;
  const rest = index.subarray(cut.end, end);
  if (before === undefined) return { path: rest, end };
  return { path: Buffer.concat([before.subarray(0, Math.max(0, before.length - cut.value)), rest]), end };
}

/** Git's variable-width integer: seven bits a byte, and one more for each byte that follows. */
function offsetAt(index: Buffer, at: number): { value: number; end: number } {
  let end = at;
  let byte = index[end++] ?? 0;
  let value = byte & 0x7f;
  while ((byte & 0x80) !== 0 && end < index.length) {
    byte = index[end++] ?? 0;
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return { value, end };
}
