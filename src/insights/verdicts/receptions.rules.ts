import { LIMITS } from './limits.rules.ts';
import { type Mean, type SlotMeasures, meanOf, median, type Reception, type Slot } from './measures.rules.ts';

const isAtLeast = (value: number | undefined, limit: number) => value !== undefined && value >= limit;

/** A loss that rests on enough packets. */
const reliableLoss = (loss: Mean): number | undefined =>
  loss.weight >= LIMITS.packets ? meanOf(loss) : undefined;

/** What the server misses of somebody: 0 to 1. */
export const uplinkLossOf = (measures: SlotMeasures | undefined): number | undefined =>
  measures && reliableLoss(measures.uplinkLoss);

/** How long an encoder was limited, whatever by: 0 to 1; undefined when that is not known to the end. */
function limitedRatio(measures: SlotMeasures | undefined): number | undefined {
  if (!measures) return undefined;
  const [cpu, bandwidth] = [meanOf(measures.cpuLimited), meanOf(measures.bandwidthLimited)];
  if (cpu === undefined) return isAtLeast(bandwidth, LIMITS.limited) ? bandwidth : undefined;
  return cpu + (bandwidth ?? 0);
}

/** What is wrong with what arrives of one publisher. */
export interface Trouble {
  lossy: boolean;
  /** Stands still, stutters, or is made up. */
  stuck: boolean;
  /** Comes smaller than asked for, or not at all. */
  starved: boolean;
}

function detectTrouble(reception: Reception): Trouble {
  const frames = meanOf(reception.framesPerSecond);
  return {
    lossy: isAtLeast(reliableLoss(reception.loss), LIMITS.loss),
    stuck:
      isAtLeast(meanOf(reception.freeze), LIMITS.freeze) ||
      isAtLeast(meanOf(reception.concealed), LIMITS.concealed) ||
      (frames !== undefined && frames < LIMITS.frames),
    starved:
      isAtLeast(meanOf(reception.paused), LIMITS.lowered) ||
      isAtLeast(meanOf(reception.lowered), LIMITS.lowered),
  };
}

/** The trouble as three bits: two are alike when they have one in common. */
const troubleBits = ({ lossy, stuck, starved }: Trouble) =>
  (lossy ? 1 : 0) | (stuck ? 2 : 0) | (starved ? 4 : 0);

/** How a publisher arrives at all who receive them. */
interface Audience {
  receivers: number;
  /** How many receivers have each combination of troubles. */
  troubles: number[];
  /** The two least losses, so that one receiver can be left out. */
  least: { receiver: string; loss: number }[];
}

/** A slot with what the receivers of each publisher see: looked through once, however many there are. */
export interface SlotScene {
  slot: Slot;
  audiences: ReadonlyMap<string, Audience>;
}

export function createSlotScene(slot: Slot): SlotScene {
  const audiences = new Map<string, Audience>();
  for (const [receiver, { receptions }] of slot)
    for (const [publisher, reception] of receptions) {
      if (receiver === publisher) continue;
      const audience = audiences.get(publisher) ?? { receivers: 0, troubles: Array(8).fill(0), least: [] };
      audiences.set(publisher, audience);
      audience.receivers++;
      audience.troubles[troubleBits(detectTrouble(reception))]!++;
      const loss = reliableLoss(reception.loss);
      if (loss === undefined) continue;
      audience.least = [...audience.least, { receiver, loss }].sort((a, b) => a.loss - b.loss).slice(0, 2);
    }
  return { slot, audiences };
}

/**
 * What is lost of the publisher's packets before anybody's own way down: told by themselves, else at most what the
 * luckiest of the others misses.
 */
function upstreamLoss(
  { slot, audiences }: SlotScene,
  receiver: string,
  publisher: string,
): number | undefined {
  const own = uplinkLossOf(slot.get(publisher));
  return own ?? audiences.get(publisher)?.least.find((each) => each.receiver !== receiver)?.loss;
}

/**
 * What is lost on the receiver's own way down: 0 to 1. From each publisher the loss on the publisher's way is taken out,
 * and what is common to them is the receiver's. `null`: there is loss and nothing to compare it with; undefined: nothing
 * was measured.
 */
export function downlinkLossOf(scene: SlotScene, receiver: string): number | null | undefined {
  const received = [...(scene.slot.get(receiver)?.receptions ?? [])].flatMap(([publisher, { loss }]) => {
    const lost = reliableLoss(loss);
    return lost === undefined ? [] : [{ lost, before: upstreamLoss(scene, receiver, publisher) }];
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

/** Who is to blame for what arrives of one publisher, and what says so. */
export interface Blame {
  publisher: string;
  trouble: Trouble;
  /** undefined: nobody else was there to see it. */
  blame: 'publisher' | 'receiver' | undefined;
  publisherLoss: number | undefined;
  publisherLimited: number | undefined;
  publisherFrames: number | undefined;
  /** Other receivers who see it. */
  agreeing: number;
}

type PublisherReport = Pick<Blame, 'publisherLoss' | 'publisherLimited' | 'publisherFrames'>;

/** Whether what publishers tell of themselves explains the trouble; undefined: they did not tell what would. */
function explainsTrouble({ lossy, stuck, starved }: Trouble, report: PublisherReport): boolean | undefined {
  const { publisherLoss, publisherLimited, publisherFrames } = report;
  const lost = lossy || stuck ? publisherLoss : undefined;
  const limited = stuck || starved ? publisherLimited : undefined;
  const few = stuck && publisherFrames !== undefined && publisherFrames < LIMITS.frames;
  if (few || isAtLeast(lost, LIMITS.publisherLoss) || isAtLeast(limited, LIMITS.limited)) return true;
  const explained = (!lossy || lost !== undefined) && (!(stuck || starved) || limited !== undefined);
  return explained ? false : undefined;
}

/**
 * The blames for everything that arrives in trouble, in the order of the publishers' identities. What publishers tell of
 * themselves outweighs what others tell of them.
 */
export function blamesOf({ slot, audiences }: SlotScene, receiver: string): Blame[] {
  const receptions = [...(slot.get(receiver)?.receptions ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  return receptions.flatMap(([publisher, reception]) => {
    const trouble = detectTrouble(reception);
    const bits = troubleBits(trouble);
    // What comes back of oneself, in a test, is nobody else's fault.
    if (bits === 0 || publisher === receiver) return [];
    const { receivers, troubles } = audiences.get(publisher) ?? { receivers: 1, troubles: [] };
    const alike = troubles.reduce((sum, count, other) => sum + ((other & bits) === 0 ? 0 : count), 0);
    // Without the receiver, whose own voice is the question.
    const [agreeing, others] = [Math.max(0, alike - 1), receivers - 1];
    const source = slot.get(publisher);
    const report: PublisherReport = {
      publisherLoss: uplinkLossOf(source),
      publisherLimited: limitedRatio(source),
      publisherFrames: source && meanOf(source.sentFrames),
    };
    const seenByOthers = others > 0 ? agreeing * 2 >= others : undefined;
    const guilty = explainsTrouble(trouble, report) ?? seenByOthers;
    const blame = guilty === undefined ? undefined : guilty ? 'publisher' : 'receiver';
    return [{ publisher, trouble, blame, ...report, agreeing }];
  });
}
