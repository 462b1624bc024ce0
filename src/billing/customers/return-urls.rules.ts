import { customerErrors } from './customers.errors.ts';

interface OriginConfig {
  APP_URL: string;
  CORS_ORIGINS: readonly string[];
}

/**
 * The address to which a page of the provider returns users: a page of the web app, by default its billing page.
 * @throws AppError `billing.return_url_not_allowed` for a page of any other origin
 */
export function returnUrlOf({ APP_URL, CORS_ORIGINS }: OriginConfig, given: string | undefined): string {
  if (given === undefined) return `${APP_URL.replace(/\/$/, '')}/billing`;
  const origins = [APP_URL, ...CORS_ORIGINS].map((each) => new URL(each).origin);
  if (!origins.includes(new URL(given).origin)) throw customerErrors.returnUrlNotAllowed();
  return given;
}
