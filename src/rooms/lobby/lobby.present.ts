import type { LobbyEntryView } from './lobby.schemas.ts';
import type { LobbyEntry } from './lobby.tables.ts';

/** A lobby entry as the API shows it. */
export function presentLobbyEntry(entry: LobbyEntry): LobbyEntryView {
  const { id, identity, kind, name, role, status, createdAt, expiresAt, decidedAt } = entry;
  return {
    id,
    identity,
    kind,
    name,
    role,
    status,
    requestedAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
  };
}
