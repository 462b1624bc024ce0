/** How many bytes at the beginning of a file decide about its type. */
export const HEAD_BYTES = 4_100;

export const UNKNOWN_TYPE = 'application/octet-stream';
export const TEXT_TYPE = 'text/plain';
export const ZIP_TYPE = 'application/zip';

/** Types that browsers show by themselves and in which no code runs. */
const INLINE_TYPES: ReadonlySet<string> = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/apng',
  'image/bmp',
  'text/plain',
]);

/** Whether a browser may show the file in place of downloading it. */
export const isShownInline = (contentType: string): boolean =>
  INLINE_TYPES.has(contentType) || /^(audio|video)\//.test(contentType);

const startsWith = (bytes: Uint8Array, ...prefix: number[]) =>
  prefix.every((byte, index) => bytes[index] === byte);

/** Whether the bytes begin a zip archive, an empty one included. */
export const isZip = (head: Uint8Array): boolean =>
  startsWith(head, 0x50, 0x4b, 0x03, 0x04) || startsWith(head, 0x50, 0x4b, 0x05, 0x06);

/** The longest run of bytes at the end that may belong to a character which continues beyond the head. */
const MAX_SPLIT_BYTES = 3;

/** Whether the bytes are text in UTF-8: no control characters but those between lines. `isWhole` when no bytes follow. */
export function isText(head: Uint8Array, isWhole: boolean): boolean {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
  const longestCut = isWhole ? 0 : MAX_SPLIT_BYTES;
  for (let cut = 0; cut <= longestCut; cut++)
    try {
      const text = decoder.decode(head.subarray(0, Math.max(head.length - cut, 0)));
      return !/[^\P{Cc}\t\n\v\f\r]/u.test(text);
    } catch {
      // A character may be cut in two.
    }
  return false;
}

const OFFICE = 'application/vnd.openxmlformats-officedocument';
const OFFICE_TYPES: readonly (readonly [folder: string, type: string])[] = [
  ['word/', `${OFFICE}.wordprocessingml.document`],
  ['xl/', `${OFFICE}.spreadsheetml.sheet`],
  ['ppt/', `${OFFICE}.presentationml.presentation`],
];

/** Types that name themselves in a first entry `mimetype`: OpenDocument and EPUB. */
const NAMED_TYPE = /^mimetype(application\/(?:epub\+zip|vnd\.oasis\.opendocument\.[a-z-]{1,40}))/;

/** The type that a zip archive names in its first entry, which is stored uncompressed; undefined without one. */
export function typeNamedInZip(head: Uint8Array): string | undefined {
  const text = new TextDecoder('latin1').decode(head.subarray(30, 30 + 120));
  return NAMED_TYPE.exec(text)?.[1];
}

/** The type of a zip archive with these entries. */
export function typeOfZip(entryNames: readonly string[]): string {
  if (!entryNames.includes('[Content_Types].xml')) return ZIP_TYPE;
  const office = OFFICE_TYPES.find(([folder]) => entryNames.some((name) => name.startsWith(folder)));
  return office?.[1] ?? ZIP_TYPE;
}
