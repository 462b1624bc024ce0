/** The most bytes in one request, a limit of the platform. */
export const MAX_REQUEST_BYTES = 100_000_000;

/** Seconds after which an upload in one request is given up: longer than the request may take, which is 420. */
export const REQUEST_UPLOAD_SECONDS = 600;
