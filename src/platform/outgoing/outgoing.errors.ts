import { defineErrors, isError } from '../../kernel/core/index.ts';

export const outgoingErrors = defineErrors('outgoing', {
  addressRefused: { status: 422, title: 'The address is not allowed' },
  unresolved: { status: 422, title: 'The host name of the address does not exist' },
  resolverUnavailable: {
    status: 503,
    title: 'The host name of the address cannot be looked up now',
    retryAfterSeconds: 5,
  },
  unreachable: { status: 502, title: 'The server at the address did not answer' },
  redirected: {
    status: 502,
    title: 'The server at the address answered with a redirect, which is not followed',
  },
  answerTooLarge: { status: 502, title: 'The response of the server at the address is too large' },
});

/** Whether the guard does not let an address pass; that it could not say so at this moment is something else. */
export const isAddressRefusal = (error: unknown): boolean =>
  isError(error, outgoingErrors.addressRefused, outgoingErrors.unresolved);
