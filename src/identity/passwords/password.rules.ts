import { isCommonPassword } from './common-passwords.rules.ts';

export const PASSWORD_LENGTH = { min: 10, max: 128 } as const;

/** Shorter parts of a name or an address are in many good passwords by chance. */
const MIN_TELLING_PART = 5;

/** What a password must not simply repeat. */
export interface PasswordOwner {
  email: string;
  name: string;
}

const plain = (text: string) => text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, '');

/**
 * Why a password is not good enough, in words for its owner; null when it is. Length counts characters after NFKC, as
 * they are hashed.
 */
export function passwordWeakness(password: string, { email, name }: PasswordOwner): string | null {
  const length = Array.from(password.normalize('NFKC')).length;
  if (length < PASSWORD_LENGTH.min) return `must have at least ${PASSWORD_LENGTH.min} characters`;
  if (length > PASSWORD_LENGTH.max) return `must have at most ${PASSWORD_LENGTH.max} characters`;
  const bare = plain(password);
  const address = plain(email);
  const local = address.slice(0, address.indexOf('@'));
  const telling = [address, local, plain(name)].filter((part) => part.length >= MIN_TELLING_PART);
  const rest = telling.reduce((left, part) => left.replaceAll(part, ''), bare);
  if (rest !== bare && rest.length < MIN_TELLING_PART) return 'must not be the e-mail address or the name';
  if (new Set(bare).size < MIN_TELLING_PART) return 'must have at least five different characters';
  if (isCommonPassword(bare)) return 'is among the most common passwords';
  return null;
}
