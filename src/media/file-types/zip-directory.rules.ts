/** The record at the end of a zip archive without its comment. */
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 0xffff;
const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;

/** How many bytes at the end of an archive hold its end record, whatever its comment. */
export const MAX_END_BYTES = END_BYTES + MAX_COMMENT_BYTES;

/** How much of a directory is read: about 10,000 entries. */
export const MAX_DIRECTORY_BYTES = 1_000_000;

export interface ZipDirectoryRange {
  offset: number;
  sizeBytes: number;
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Where the directory of an archive is, by the last bytes of the file; undefined when they hold no end record. */
export function findZipDirectory(tail: Uint8Array): ZipDirectoryRange | undefined {
  const view = viewOf(tail);
  for (let at = tail.length - END_BYTES; at >= 0; at--)
    if (view.getUint32(at, true) === END_SIGNATURE)
      return { sizeBytes: view.getUint32(at + 12, true), offset: view.getUint32(at + 16, true) };
  return undefined;
}

/** The names of the entries in a directory, or in its beginning. Nothing is decompressed. */
export function listZipEntries(directory: Uint8Array): string[] {
  const view = viewOf(directory);
  const decoder = new TextDecoder();
  const names: string[] = [];
  for (let at = 0; at + ENTRY_BYTES <= directory.length;) {
    if (view.getUint32(at, true) !== ENTRY_SIGNATURE) break;
    const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true)) as [
      number,
      number,
      number,
    ];
    names.push(decoder.decode(directory.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + name)));
    at += ENTRY_BYTES + name + extra + comment;
  }
  return names;
}
