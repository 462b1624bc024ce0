/** Media types that recorders write, by the extension of the key: tracks are stored as they were sent. */
const TYPES: Readonly<Record<string, string>> = {
  mp4: 'video/mp4',
  webm: 'video/webm',
  ogg: 'audio/ogg',
};

/** The extension of an object's key; empty for none. */
export const extensionOf = (key: string): string => /\.([a-z\d]{1,8})$/.exec(key)?.[1] ?? '';

/** The media type of an object, by its key. */
export const contentTypeOf = (key: string): string => TYPES[extensionOf(key)] ?? 'application/octet-stream';

/** The key of a smaller copy of an object. @param suffix the id of what made it */
export const copyKeyOf = (key: string, suffix: string): string =>
  `${key.replace(/\.[a-z\d]{1,8}$/, '')}.${suffix}.mp4`;
