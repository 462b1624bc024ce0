import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { applyToAll } from '../../kernel/core/index.ts';
import type { Delivery } from '../../kernel/delivery/index.ts';
import { type LiveCommand, MAX_SOCKET_SESSION_MS } from '../../realtime/protocol/index.ts';
import {
  type ConnectionHolder,
  roomIdsOf,
  selectConnections,
  selectEndedSessions,
  selectRevokedKey,
  selectRevokedKeysOfUser,
} from './connections.queries.ts';
import { credentialsGone, type EndedCredentials } from './offboarding.events.ts';

/** A credential that ended with a commit has the commit's time, up to the difference of clocks. */
const CLOCK_SLACK_MS = 60_000;
/** Longer than a batch can take that proved the credential just before its end. */
const SECOND_RUN_AFTER_MS = 60_000;

/** The credentials that ended with the event: sessions and API keys of a user, or one API key. */
async function readEnded(ctx: Ctx, ended: EndedCredentials, sinceMs: number): Promise<ConnectionHolder> {
  const since = new Date(sinceMs);
  if ('apiKeyId' in ended) {
    const [keys] = await ctx.read((q) => [selectRevokedKey(q, ended.apiKeyId)], systemScope);
    return { organizationId: null, userId: null, ...holderOf([], keys) };
  }
  const { userId } = ended;
  const [sessions, keys] = await ctx.read(
    (q) => [selectEndedSessions(q, userId, since), selectRevokedKeysOfUser(q, userId, since)],
    systemScope,
  );
  return { organizationId: null, userId, ...holderOf(sessions, keys) };
}

const holderOf = (
  sessions: readonly { id: string }[],
  keys: readonly { id: string; organizationId: string }[],
): Pick<ConnectionHolder, 'credentials' | 'keyOrganizationIds'> => ({
  credentials: [...sessions, ...keys].map(({ id }) => id),
  keyOrganizationIds: keys.map(({ organizationId }) => organizationId),
});

const endCommand = (ctx: Ctx, credential: string, userId: string | null): LiveCommand => ({
  type: 'credential.ended',
  key: `${credential}:ended`,
  atMs: ctx.clock.now(),
  by: null,
  credential,
  userId: credential.startsWith('ses_') ? userId : null,
});

/**
 * Closes the room sockets, also in lobbies, that rest on sessions or API keys which have ended, and disconnects the media of
 * the seats that were taken with them. In the system's scope, because a session is in no organization, and its user may be
 * connected in several.
 */
async function disconnectEnded(ctx: Ctx, ended: EndedCredentials, sinceMs: number): Promise<void> {
  const holder = await readEnded(ctx, ended, sinceMs);
  const { credentials, userId } = holder;
  if (credentials.length === 0) return;
  const since = new Date(ctx.clock.now() - MAX_SOCKET_SESSION_MS);
  const [seats, lobbies, moves] = await ctx.read((q) => selectConnections(q, holder, since), systemScope);
  const commands = credentials.map((credential) => endCommand(ctx, credential, userId));
  await applyToAll(roomIdsOf(seats, lobbies, moves), (roomId) => ctx.ports.liveRooms.apply(roomId, commands));
  const connected = seats.filter(
    ({ isOpen, credential }) => isOpen && credential !== null && credentials.includes(credential),
  );
  await applyToAll(connected, ({ callId, cluster, identity }) =>
    ctx.ports.clusters.api(cluster, ctx.trace).removeParticipant(callId, identity),
  );
}

/** Disconnects sockets and media of the user's sessions, or API keys, that ended with the event. */
export const disconnectCredentialsOfUser = (
  ctx: Ctx,
  { userId }: { userId: string },
  { occurredAtMs }: Delivery,
): Promise<void> => disconnectEnded(ctx, { userId }, occurredAtMs - CLOCK_SLACK_MS);

/** Disconnects sockets and media of a revoked API key. */
export const disconnectApiKey = (ctx: Ctx, { apiKeyId }: { apiKeyId: string }): Promise<void> =>
  disconnectEnded(ctx, { apiKeyId }, 0);

/** Disconnects once more what a request opened that was under way when the credentials ended. */
export const disconnectCredentialsAgain = (
  ctx: Ctx,
  { sinceMs, ...ended }: EndedCredentials & { sinceMs: number },
): Promise<void> => disconnectEnded(ctx, ended, sinceMs);

/** Schedules `disconnectCredentialsAgain`. */
export async function scheduleSecondRun(
  ctx: Ctx,
  payload: { userId: string } | { apiKeyId: string },
  { occurredAtMs }: Delivery,
): Promise<void> {
  const ended = 'apiKeyId' in payload ? { apiKeyId: payload.apiKeyId } : { userId: payload.userId };
  const availableAtMs = ctx.clock.now() + SECOND_RUN_AFTER_MS;
  const sinceMs = occurredAtMs - CLOCK_SLACK_MS;
  await ctx.commit({
    write: () => [],
    events: [credentialsGone.of({ ...ended, sinceMs }, { availableAtMs })],
    result: undefined,
  });
}
