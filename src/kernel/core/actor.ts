import type { PermissionGrant } from './permissions.ts';

/** The party that acts. Every audit entry, event and log line names one. */
export type Actor =
  | {
      kind: 'user';
      userId: string;
      /** Undefined in the socket of a room that was opened before sessions were known there. */
      sessionId: string | undefined;
      organizationId: string | null;
      role: string | null;
      plan: string | null;
      permissions: readonly PermissionGrant[];
    }
  | {
      kind: 'apiKey';
      apiKeyId: string;
      /** The secret's hash and the scopes that the key's row must still have; undefined in a socket. */
      proof?: { secretHash: string; scopes: readonly string[] } | undefined;
      organizationId: string;
      plan: string;
      requestsPerMinute: number;
      permissions: readonly PermissionGrant[];
    }
  /** A person without an account that joined one room through a link. */
  | { kind: 'guest'; guestId: string; organizationId: string; roomId: string; linkId: string; name: string }
  | { kind: 'operator'; name: string }
  | { kind: 'system'; name: string; organizationId: string | null }
  | { kind: 'anonymous' };

/** The organization the actor's credential is for; null for those without one. */
export function actorOrganization(actor: Actor): string | null {
  return 'organizationId' in actor ? actor.organizationId : null;
}

/** The id that records use for the actor; null for an anonymous caller. */
export function actorId(actor: Actor): string | null {
  switch (actor.kind) {
    case 'user':
      return actor.userId;
    case 'apiKey':
      return actor.apiKeyId;
    case 'guest':
      return actor.guestId;
    case 'operator':
    case 'system':
      return actor.name;
    case 'anonymous':
      return null;
  }
}

/** The credential an actor came with, where it has an id: a session or an API key. */
export function actorCredential(actor: Actor): string | null {
  if (actor.kind === 'user') return actor.sessionId ?? null;
  return actor.kind === 'apiKey' ? actor.apiKeyId : null;
}

export type ActorKind = Actor['kind'];
