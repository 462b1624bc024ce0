import { type Actor, authErrors } from '../../kernel/core/index.ts';
import type { Hasher } from '../../kernel/crypto/index.ts';
import { readBearerToken } from './bearer-token.rules.ts';

const OPERATOR: Actor = { kind: 'operator', name: 'operator' };

/**
 * Verifies the credential of the platform's operator. It compares keyed hashes, so that the time of the comparison
 * reveals nothing about the token.
 * @param operatorToken the configured credential
 */
export function createOperatorVerifier(operatorToken: string, hasher: Hasher) {
  const hash = (token: string) => hasher.hash('operator_token', token);
  let expected: Promise<string> | undefined;
  /** @throws AppError `auth.required` without a credential, `auth.invalid_token` with another one */
  return async (authorization: string): Promise<Actor> => {
    if (authorization === '') throw authErrors.required();
    const token = readBearerToken(authorization);
    expected ??= hash(operatorToken);
    if (token === undefined || (await hash(token)) !== (await expected)) throw authErrors.invalidToken();
    return OPERATOR;
  };
}
