import { type Ctx, type Ports, systemScope } from '../../platform/context/index.ts';
import { serverErrors, systemTimers, type Timers, until } from '../../platform/core/index.ts';
import { insertEvents, type NewEvent } from './intake.queries.ts';
import { reported } from './intake.rules.ts';

/** What comes within one commit goes into the next one together. */
const MOST_AT_ONCE = 200;
/** A commit takes less; one that takes longer was made by a request that is gone. */
const ANSWER_WITHIN_MS = 5_000;
const MOST_LOST = 2;
/** Nobody waits for the answer but the cluster's queue: hundreds that look often would cost more than what they wait for. */
const LOOK_MS = 8;

type StoreCtx = Pick<Ctx, 'ports' | 'commit'>;

interface Place {
  row: NewEvent;
  outcome: { error?: Error } | undefined;
}

/** What the requests of one isolate have in common. */
interface Desk {
  queue: Place[];
  /** The commit under way. */
  flight: object | undefined;
}

/** By the isolate's ports, of which there is one set. */
const desks = new WeakMap<Ports, Desk>();

function deskOf({ ports }: StoreCtx): Desk {
  const desk = desks.get(ports) ?? { queue: [], flight: undefined };
  desks.set(ports, desk);
  return desk;
}

/** Stores all that waits in one commit, with one effect for each call that it is about. */
async function storeAll(ctx: StoreCtx, places: readonly Place[]): Promise<void> {
  const rows = places.map(({ row }) => row);
  const outcome: Place['outcome'] = {};
  try {
    await ctx.commit({
      // What a cluster tells belongs to no tenant yet.
      scope: systemScope,
      write: (q) => [insertEvents(q, rows)],
      effects: [...new Set(rows.map(({ room }) => room))].map(reported),
      result: undefined,
    });
  } catch (error) {
    outcome.error = error instanceof Error ? error : new Error(String(error));
  }
  for (const place of places) place.outcome = outcome;
}

/** Waits for the commit under way; false when its request seems to be gone. */
const settled = (desk: Desk, flight: object, place: Place, timers: Timers): Promise<boolean> =>
  until(() => place.outcome !== undefined || desk.flight !== flight, ANSWER_WITHIN_MS, timers, LOOK_MS);

/** Commits one's own and what waits beside it. */
async function takeOff(ctx: StoreCtx, desk: Desk, place: Place): Promise<void> {
  const own = {};
  desk.flight = own;
  const others = desk.queue.filter((each) => each !== place).slice(0, MOST_AT_ONCE - 1);
  const taken = new Set([place, ...others]);
  desk.queue = desk.queue.filter((each) => !taken.has(each));
  await storeAll(ctx, [...taken]);
  if (desk.flight === own) desk.flight = undefined;
}

/**
 * Stores an event, in one commit with those that came while the last one was under way. It is stored when this returns.
 *
 * A commit is made in the context of one of the requests. When that one goes away the runtime may drop it without a
 * word, so whoever waits for it has a time limit, and then stores their own again: twice is as good as once.
 * @throws whatever the database throws, `server.unavailable` for one that is not there
 */
export async function storeEvent(ctx: StoreCtx, row: NewEvent, timers = systemTimers): Promise<void> {
  const desk = deskOf(ctx);
  const place: Place = { row, outcome: undefined };
  desk.queue.push(place);
  for (let lost = 0; !place.outcome && lost < MOST_LOST;) {
    const { flight } = desk;
    if (!flight) await takeOff(ctx, desk, place);
    else if (!(await settled(desk, flight, place, timers))) {
      lost++;
      if (desk.flight === flight) desk.flight = undefined;
    }
  }
  if (!place.outcome) throw serverErrors.unavailable({ detail: 'the event could not be stored in time' });
  if (place.outcome.error) throw place.outcome.error;
}
