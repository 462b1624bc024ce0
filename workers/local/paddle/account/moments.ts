/** Seconds since 1970 as the API writes them. */
export const toIso = (seconds: number): string => new Date(seconds * 1000).toISOString();
export const toSeconds = (iso: string): number => Math.floor(Date.parse(iso) / 1000);
