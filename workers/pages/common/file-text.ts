const UNITS = ['B', 'kB', 'MB', 'GB'];

/** `48 kB`: a size for people. */
export function formatSize(bytes: number): string {
  const step = bytes < 1_000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** step;
  return `${value < 10 && step > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[step]!}`;
}

/** The text for a file whose name is gone with it. */
export const FILE_GONE = 'A file that is not shared any more';

/** `whiteboard.jpg (48 kB)`. */
export const describeFile = ({
  name,
  sizeBytes,
}: {
  name: string | null;
  sizeBytes: number | null;
}): string => (name === null ? FILE_GONE : `${name} (${formatSize(sizeBytes ?? 0)})`);
