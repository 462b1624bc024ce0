import { LIMITS } from './limits.rules.ts';
import { type Mean, type Measures, meanOf, median, type Reception, type Slot } from './measures.rules.ts';

const over = (value: number | undefined, limit: number) => value !== undefined && value >= limit;

/** A loss that rests on enough packets. */
const lossIn = (loss: Mean): number | undefined => (loss.weight >= LIMITS.packets ? meanOf(loss) : undefined);

/** What the server misses of somebody: 0 to 1. */
export const uplinkLossOf = (measures: Measures | undefined): number | undefined =>
  measures && lossIn(measures.uplinkLoss);

/** How long an encoder was limited, whatever by: 0 to 1; undefined when that is not known to the end. */
export function limitedOf(measures: Measures | undefined): number | undefined {
  if (!measures) return undefined;
  const [cpu, bandwidth] = [meanOf(measures.cpuLimited), meanOf(measures.bandwidthLimited)];
  if (cpu === undefined) return over(bandwidth, LIMITS.limited) ? bandwidth : undefined;
  return cpu + (bandwidth ?? 0);
}

/** What others receive from the publisher. */
function othersOf(slot: Slot, receiver: string, publisher: string): Reception[] {
  return [...slot]
    .filter(([identity]) => identity !== receiver && identity !== publisher)
    .flatMap(([, { receptions }]) => receptions.get(publisher) ?? []);
}

/** What is lost of the publisher's packets before anybody's own way down: told by themselves, else at most what the luckiest receiver misses. */
function lostBefore(slot: Slot, receiver: string, publisher: string): number | undefined {
  const own = uplinkLossOf(slot.get(publisher));
  if (own !== undefined) return own;
  const others = othersOf(slot, receiver, publisher).flatMap(({ loss }) => lossIn(loss) ?? []);
  return others.length > 0 ? Math.min(...others) : undefined;
}

/**
 * What is lost on the receiver's own way down: 0 to 1. From each publisher the loss on the publisher's way is taken out,
 * and what is common to them is the receiver's. `null`: there is loss and nothing to compare it with; undefined: nothing
 * was measured.
 */
export function downlinkLossOf(slot: Slot, receiver: string): number | null | undefined {
  const received = [...(slot.get(receiver)?.receptions ?? [])].flatMap(([publisher, { loss }]) => {
    const lost = lossIn(loss);
    return lost === undefined ? [] : [{ lost, before: lostBefore(slot, receiver, publisher) }];
  });
  if (received.length === 0) return undefined;
  const remainders = received.flatMap(({ lost, before }) =>
    before === undefined ? [] : [before >= 1 ? 0 : Math.max(0, 1 - (1 - lost) / (1 - before))],
  );
  const least = Math.min(...received.map(({ lost }) => lost));
  const common = median(remainders);
  // Nobody loses more on the own way than arrives broken from the best of the publishers.
  if (common !== undefined) return Math.min(common, least);
  return received.length > 1 || least < LIMITS.loss ? least : null;
}

/** What is wrong with what arrives of one publisher. */
export interface Trouble {
  lossy: boolean;
  /** Stands still, stutters, or is made up. */
  stuck: boolean;
  /** Comes smaller than asked for, or not at all. */
  starved: boolean;
}

export function troubleOf(reception: Reception): Trouble {
  const frames = meanOf(reception.framesPerSecond);
  return {
    lossy: over(lossIn(reception.loss), LIMITS.loss),
    stuck:
      over(meanOf(reception.freeze), LIMITS.freeze) ||
      over(meanOf(reception.concealed), LIMITS.concealed) ||
      (frames !== undefined && frames < LIMITS.frames),
    starved:
      over(meanOf(reception.paused), LIMITS.lowered) || over(meanOf(reception.lowered), LIMITS.lowered),
  };
}

const any = ({ lossy, stuck, starved }: Trouble) => lossy || stuck || starved;
const alike = (a: Trouble, b: Trouble) =>
  (a.lossy && b.lossy) || (a.stuck && b.stuck) || (a.starved && b.starved);

/** Who is to blame for what arrives of one publisher, and what says so. */
export interface Blame {
  publisher: string;
  trouble: Trouble;
  /** undefined: nobody else was there to see it. */
  blame: 'publisher' | 'receiver' | undefined;
  publisherLoss: number | undefined;
  publisherLimited: number | undefined;
  publisherFrames: number | undefined;
  /** Other receivers who see it, and how many there are. */
  agreeing: number;
  others: number;
}

type Told = Pick<Blame, 'publisherLoss' | 'publisherLimited' | 'publisherFrames'>;

/** Whether what publishers tell of themselves explains the trouble; undefined: they did not tell what would. */
function admits({ lossy, stuck, starved }: Trouble, told: Told): boolean | undefined {
  const { publisherLoss, publisherLimited, publisherFrames } = told;
  const lost = lossy || stuck ? publisherLoss : undefined;
  const limited = stuck || starved ? publisherLimited : undefined;
  const few = stuck && publisherFrames !== undefined && publisherFrames < LIMITS.frames;
  if (few || over(lost, LIMITS.publisherLoss) || over(limited, LIMITS.limited)) return true;
  const explained = (!lossy || lost !== undefined) && (!(stuck || starved) || limited !== undefined);
  return explained ? false : undefined;
}

/**
 * The blames for everything that arrives in trouble, in the order of the publishers' identities. What publishers tell of
 * themselves outweighs what others tell of them.
 */
export function blamesOf(slot: Slot, receiver: string): Blame[] {
  const receptions = [...(slot.get(receiver)?.receptions ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  return receptions.flatMap(([publisher, reception]) => {
    const trouble = troubleOf(reception);
    if (!any(trouble)) return [];
    const source = slot.get(publisher);
    const others = othersOf(slot, receiver, publisher).map(troubleOf);
    const agreeing = others.filter((other) => alike(trouble, other)).length;
    const told: Told = {
      publisherLoss: uplinkLossOf(source),
      publisherLimited: limitedOf(source),
      publisherFrames: source && meanOf(source.sentFrames),
    };
    const seen = others.length > 0 ? agreeing * 2 >= others.length : undefined;
    const guilty = admits(trouble, told) ?? seen;
    const blame = guilty === undefined ? undefined : guilty ? 'publisher' : 'receiver';
    return [{ publisher, trouble, blame, ...told, agreeing, others: others.length }];
  });
}
