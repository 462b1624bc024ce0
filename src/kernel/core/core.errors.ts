import { defineErrors } from './errors.ts';

/** The errors any route can answer with. */
export const requestErrors = defineErrors('request', {
  invalid: { status: 400, title: 'The request is not valid' },
  malformedJson: { status: 400, title: 'The body is not valid JSON' },
  invalidCursor: { status: 400, title: 'The cursor is not valid for this list' },
  notFound: { status: 404, title: 'The resource was not found' },
  methodNotAllowed: { status: 405, title: 'The method is not allowed for this path' },
  timeout: { status: 504, title: 'The request took longer than its time limit' },
  bodyTooLarge: { status: 413, title: 'The body is too large' },
  unsupportedMediaType: { status: 415, title: 'The media type of the body is not supported' },
  stale: { status: 412, title: 'The resource has changed since it was read' },
  rateLimited: { status: 429, title: 'Too many requests' },
});

export const serverErrors = defineErrors('server', {
  internal: { status: 500, title: 'Internal server error' },
  unavailable: { status: 503, title: 'A dependency is unavailable', retryAfterSeconds: 5 },
});

export const authErrors = defineErrors('auth', {
  required: { status: 401, title: 'A credential is required' },
  invalidToken: { status: 401, title: 'The credential is not valid' },
  expiredToken: { status: 401, title: 'The access token has expired' },
  outdatedToken: { status: 401, title: 'The token no longer matches the membership or organization' },
  forbidden: { status: 403, title: 'The credential does not have the required permission' },
  noOrganization: { status: 403, title: 'The credential does not belong to an organization' },
});

export const idempotencyErrors = defineErrors('idempotency', {
  keyReused: { status: 409, title: 'The idempotency key was used for another request' },
  inFlight: {
    status: 409,
    title: 'A request with this idempotency key is still being processed',
    retryAfterSeconds: 1,
  },
});
