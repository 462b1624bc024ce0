import { defineErrors } from './errors.ts';

/** The refusals any route can give. */
export const requestErrors = defineErrors('request', {
  invalid: { status: 400, title: 'The request is not valid' },
  malformedJson: { status: 400, title: 'The body is not valid JSON' },
  invalidCursor: { status: 400, title: 'The cursor is not one this list gave out' },
  notFound: { status: 404, title: 'Nothing is here' },
  methodNotAllowed: { status: 405, title: 'This path does not take that method' },
  timeout: { status: 504, title: 'The request took longer than its time limit' },
  bodyTooLarge: { status: 413, title: 'The body is larger than this route takes' },
  unsupportedMediaType: { status: 415, title: 'The body must be application/json' },
  stale: { status: 412, title: 'The resource has changed since it was read' },
  rateLimited: { status: 429, title: 'Too many requests' },
});

export const serverErrors = defineErrors('server', {
  internal: { status: 500, title: 'Something went wrong on our side' },
  unavailable: { status: 503, title: 'A part we depend on is not available', retryAfterSeconds: 5 },
});

export const authErrors = defineErrors('auth', {
  required: { status: 401, title: 'A credential is required' },
  invalidToken: { status: 401, title: 'The credential is not valid' },
  expiredToken: { status: 401, title: 'The access token has expired' },
  forbidden: { status: 403, title: 'The credential does not carry the permission this needs' },
  noOrganization: { status: 403, title: 'The credential is not for an organization' },
});

export const idempotencyErrors = defineErrors('idempotency', {
  keyReused: { status: 409, title: 'The idempotency key was used with another request' },
  inFlight: {
    status: 409,
    title: 'A request with this idempotency key is being processed',
    retryAfterSeconds: 1,
  },
});
