import type { Queries, Statement } from '../../kernel/db/index.ts';
import { revokeApiKeysOfUser } from '../api-keys/index.ts';
import { revokeInvitationsOfUser } from '../invitations/index.ts';
import { changeUser, type User } from '../users/index.ts';

/** Ends the API keys and invitations that the user has made before an address of theirs was proven for the first time. */
export const endUnprovenAuthority = (q: Queries, userId: string, now: Date): Statement[] => [
  revokeApiKeysOfUser(q, userId, now),
  revokeInvitationsOfUser(q, userId, now),
];

/**
 * The statements that mark an address as verified for the first time. The account may have been made by somebody who cannot
 * read mail at the address, to be ready when its owner arrives: the API keys and invitations made so far end. An address that
 * is verified already needs no statement.
 */
export function proveAddress(q: Queries, user: User, now: Date): Statement[] {
  if (user.emailVerified) return [];
  return [
    changeUser(q, user, { emailVerified: true, updatedAt: now }),
    ...endUnprovenAuthority(q, user.id, now),
  ];
}
