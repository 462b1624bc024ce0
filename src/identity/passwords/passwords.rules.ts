import { requestErrors } from '../../kernel/core/index.ts';
import { isCommonPassword } from './common-passwords.rules.ts';

export const PASSWORD_LENGTH = { min: 10, max: 128 } as const;

/** Seconds that a request which hashes may take: its hash may wait behind those of others. */
export const PASSWORD_TIME_LIMIT_SECONDS = 30;

/** Shorter parts of a name or an address occur in many good passwords by chance. */
const MIN_IDENTIFYING_LENGTH = 5;

/** A password must not merely repeat these. */
export interface PasswordOwner {
  email: string;
  name: string;
}

const normalizeText = (text: string) => text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, '');

/**
 * Why a password is too weak, in words for the user; null when it is strong enough. The length counts characters after
 * NFKC, as they are hashed.
 */
export function passwordWeakness(password: string, { email, name }: PasswordOwner): string | null {
  const length = Array.from(password.normalize('NFKC')).length;
  if (length < PASSWORD_LENGTH.min) return `must have at least ${PASSWORD_LENGTH.min} characters`;
  if (length > PASSWORD_LENGTH.max) return `must have at most ${PASSWORD_LENGTH.max} characters`;
  const normalized = normalizeText(password);
  const address = normalizeText(email);
  const local = address.slice(0, address.indexOf('@'));
  const identifyingParts = [address, local, normalizeText(name)].filter(
    (part) => part.length >= MIN_IDENTIFYING_LENGTH,
  );
  const rest = identifyingParts.reduce((left, part) => left.replaceAll(part, ''), normalized);
  if (rest !== normalized && rest.length < MIN_IDENTIFYING_LENGTH)
    return 'must not be the email address or the name';
  if (new Set(normalized).size < MIN_IDENTIFYING_LENGTH)
    return 'must have at least five different characters';
  if (isCommonPassword(normalized)) return 'is one of the most common passwords';
  return null;
}

/** @throws AppError `request.invalid` that says what is wrong with the password in the body's field `field` */
export function requireStrongPassword(password: string, owner: PasswordOwner, field = 'password'): void {
  const message = passwordWeakness(password, owner);
  if (message !== null) throw requestErrors.invalid({ errors: [{ pointer: `/${field}`, message }] });
}
