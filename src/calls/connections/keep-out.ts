import type { Ctx, Ports } from '../../kernel/context/index.ts';
import { findUnwanted, type UnwantedConnection } from './find-unwanted.ts';

/** As long as the tokens last that the media server itself hands out to everybody who connects. */
const REMEMBERED_MS = 600_000;
/** Milliseconds between two removals: less than it takes to connect, so that most attempts end before media flow. */
const INTERVAL_MS = 50;
/** 24 s: the runtime ends work 30 s after the response. */
const MAX_ROUNDS = 480;
/** Asks each second whether they may be back: a moderator may have readmitted them. */
const ROUNDS_BETWEEN_CHECKS = 20;

/** The cluster answers within 3 s when somebody goes just then; the next attempt does not wait for that. */
const MAX_REQUESTS = 8;

/** The last removal of somebody; only the newest one is repeated. */
interface Removal {
  atMs: number;
  repeating: boolean;
}

/** By call and identity, one map for an isolate: it has one set of ports. */
const removalsByPorts = new WeakMap<Ports, Map<string, Removal>>();

function removalsOf({ ports, clock }: Pick<Ctx, 'ports' | 'clock'>): Map<string, Removal> {
  const removals = removalsByPorts.get(ports) ?? new Map<string, Removal>();
  removalsByPorts.set(ports, removals);
  for (const [key, { atMs }] of removals) if (clock.now() - atMs > REMEMBERED_MS) removals.delete(key);
  return removals;
}

const removeOnce = (ctx: Ctx, { cluster, callId, identity }: UnwantedConnection): Promise<boolean> =>
  ctx.ports.clusters.api(cluster, ctx.trace).removeParticipant(callId, identity);

async function removeRepeatedly(
  ctx: Ctx,
  unwanted: UnwantedConnection,
  isNewest: () => boolean,
): Promise<void> {
  const { callId, identity } = unwanted;
  const sums = { removals: 0, failures: 0 };
  const requests = new Set<Promise<void>>();
  const request = () =>
    removeOnce(ctx, unwanted).then(
      (wasThere) => void (sums.removals += Number(wasThere)),
      () => void sums.failures++,
    );
  for (let round = 1; round <= MAX_ROUNDS && isNewest(); round++) {
    await ctx.timers.sleep(INTERVAL_MS);
    if (round % ROUNDS_BETWEEN_CHECKS === 0 && (await findUnwanted(ctx, [unwanted])).length === 0) break;
    if (requests.size >= MAX_REQUESTS) continue;
    const running = request().finally(() => requests.delete(running));
    requests.add(running);
  }
  await Promise.all(requests);
  ctx.log.info('calls.kept_out', { callId, identity, ...sums });
}

/**
 * Disconnects somebody who may not be in a call from its media. The media server takes their token as long as it is valid, and
 * gives a new one to everybody who connects. So one who has come back before is removed twenty times a second from then on,
 * before they are connected to media, until 24 s after their last attempt.
 * @throws AppError `clusters.*` when the cluster does not answer
 */
export async function keepOut(ctx: Ctx, unwanted: UnwantedConnection): Promise<void> {
  const { callId, identity } = unwanted;
  const removals = removalsOf(ctx);
  const key = `${callId} ${identity}`;
  const before = removals.get(key);
  const own: Removal = { atMs: ctx.clock.now(), repeating: before?.repeating ?? false };
  removals.set(key, own);
  const disconnected = await removeOnce(ctx, unwanted);
  ctx.log.info('calls.disconnected', { callId, identity, disconnected });
  // A late event, of somebody who has gone since, begins nothing.
  if (!own.repeating && !(before && disconnected)) return;
  own.repeating = true;
  await removeRepeatedly(ctx, unwanted, () => removals.get(key) === own);
  own.repeating = false;
}
