import {
  HEAD_BYTES,
  isText,
  isZip,
  TEXT_TYPE,
  typeNamedInZip,
  typeOfZip,
  UNKNOWN_TYPE,
  ZIP_TYPE,
} from './file-types.rules.ts';
import {
  findZipDirectory,
  listZipEntries,
  MAX_DIRECTORY_BYTES,
  MAX_END_BYTES,
} from './zip-directory.rules.ts';

/** Reads bytes of a file; the range lies within it. */
export type ReadBytes = (offset: number, length: number) => Promise<Uint8Array>;

/** Lists the entries of an archive, reading its end only. */
async function detectZipType(head: Uint8Array, sizeBytes: number, read: ReadBytes): Promise<string> {
  const named = typeNamedInZip(head);
  if (named) return named;
  const tailBytes = Math.min(sizeBytes, MAX_END_BYTES);
  const place = findZipDirectory(await read(sizeBytes - tailBytes, tailBytes));
  if (!place || place.sizeBytes === 0 || place.offset + place.sizeBytes > sizeBytes) return ZIP_TYPE;
  const directory = await read(place.offset, Math.min(place.sizeBytes, MAX_DIRECTORY_BYTES));
  return typeOfZip(listZipEntries(directory));
}

/**
 * The media type of a file by its content, whatever its name says. Text of every kind is `text/plain`, because its bytes do not say
 * what a browser would run in it; content of no known kind is `application/octet-stream`.
 */
export async function detectFileType(sizeBytes: number, read: ReadBytes): Promise<string> {
  if (sizeBytes === 0) return UNKNOWN_TYPE;
  const head = await read(0, Math.min(sizeBytes, HEAD_BYTES));
  if (isZip(head)) return detectZipType(head, sizeBytes, read);
  // Loaded with the first upload: its tables cost time when an isolate starts.
  const { fileTypeFromBuffer } = await import('file-type');
  const found = await fileTypeFromBuffer(head);
  if (found) return found.mime;
  return isText(head, head.length === sizeBytes) ? TEXT_TYPE : UNKNOWN_TYPE;
}
