/** What every driver is given: an address, a user's access token, and an API key with two requests a minute. */
export interface Product {
  api: string;
  token: string;
  limitedKey: string;
}

/** What a driver found, in the words of its client. */
export interface Findings {
  /** The room that it scheduled, as the product answered. */
  startsAt: string | undefined;
  timeZone: string | undefined;
  joined: string;
  /** The room of the call that it joined, read from the call. */
  callIsInRoom: boolean;
  /** Names of its three rooms, read in pages of two. */
  names: string[];
  pages: number;
  stale: { status: number; code: string };
  limited: { status: number; code: string; retryAfterSeconds: number };
}

export const TAG = `generated-${process.pid}-${Date.now()}`;

export const SCHEDULE = {
  startsAt: '2027-01-05T09:30:00+01:00',
  durationSeconds: 1800,
  timeZone: 'Europe/Madrid',
  rrule: 'FREQ=WEEKLY;BYDAY=TU',
};

export const readProduct = (): Product => JSON.parse(process.env.PRODUCT!) as Product;

export const report = (findings: Findings): void => console.log(JSON.stringify(findings));
