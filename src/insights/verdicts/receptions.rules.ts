import { LIMITS } from './limits.rules.ts';
import { type Mean, type SlotMeasures, meanOf, median, type Reception, type Slot } from './measures.rules.ts';

const isAtLeast = (value: number | undefined, limit: number) => value !== undefined && value >= limit;

/** The loss, if it is based on enough packets. */
const reliableLoss = (loss: Mean): number | undefined =>
  loss.weight >= LIMITS.minPackets ? meanOf(loss) : undefined;

/** The share of a participant's packets that the server misses, 0 to 1. */
export const uplinkLossOf = (measures: SlotMeasures | undefined): number | undefined =>
  measures && reliableLoss(measures.uplinkLoss);

/** Share of the time for which an encoder was limited by anything, 0 to 1; undefined when not fully known. */
function limitedRatio(measures: SlotMeasures | undefined): number | undefined {
  if (!measures) return undefined;
  const [cpu, bandwidth] = [meanOf(measures.cpuLimited), meanOf(measures.bandwidthLimited)];
  if (cpu === undefined) return isAtLeast(bandwidth, LIMITS.limited) ? bandwidth : undefined;
  return cpu + (bandwidth ?? 0);
}

/** What is wrong with the media that arrives from one publisher. */
export interface Trouble {
  lossy: boolean;
  /** Video freezes or stutters, or audio is concealed. */
  stuck: boolean;
  /** Video is smaller than requested, or paused. */
  starved: boolean;
}

function detectTrouble(reception: Reception): Trouble {
  const frames = meanOf(reception.framesPerSecond);
  return {
    lossy: isAtLeast(reliableLoss(reception.loss), LIMITS.loss),
    stuck:
      isAtLeast(meanOf(reception.freeze), LIMITS.freeze) ||
      isAtLeast(meanOf(reception.concealed), LIMITS.concealed) ||
      (frames !== undefined && frames < LIMITS.framesPerSecond),
    starved:
      isAtLeast(meanOf(reception.paused), LIMITS.lowered) ||
      isAtLeast(meanOf(reception.lowered), LIMITS.lowered),
  };
}

/** The trouble as three bits; two troubles are alike when they share a bit. */
const troubleBits = ({ lossy, stuck, starved }: Trouble) =>
  (lossy ? 1 : 0) | (stuck ? 2 : 0) | (starved ? 4 : 0);

/** How a publisher's media arrives at all its receivers. */
interface Audience {
  receivers: number;
  /** How many receivers have each combination of troubles. */
  troubles: number[];
  /** The two least losses, so that one receiver can be excluded. */
  least: { receiver: string; loss: number }[];
}

/** A slot with the audience of each publisher, computed once for all receivers. */
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
 * The share of the publisher's packets that is lost before the receiver's downlink: as the publisher reports, otherwise at
 * most the least loss among the other receivers.
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
 * The share of packets lost on the receiver's downlink, 0 to 1: the loss that is common to all publishers after their own
 * is taken out. `null`: there is loss and nothing to compare it with. undefined: nothing was measured.
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
  // The downlink loses at most what is missing from the publisher with the least loss.
  if (common !== undefined) return Math.min(common, least);
  return received.length > 1 || least < LIMITS.loss ? least : null;
}

/** Whose fault the trouble with one publisher's media is, and the evidence. */
export interface Blame {
  publisher: string;
  trouble: Trouble;
  /** undefined: the publisher did not report, and there is no other receiver. */
  blame: 'publisher' | 'receiver' | undefined;
  publisherLoss: number | undefined;
  publisherLimited: number | undefined;
  publisherFrames: number | undefined;
  /** Other receivers with the same trouble. */
  agreeing: number;
}

type PublisherReport = Pick<Blame, 'publisherLoss' | 'publisherLimited' | 'publisherFrames'>;

/** Whether the publisher's own report explains the trouble; undefined when it lacks the measures for it. */
function explainsTrouble({ lossy, stuck, starved }: Trouble, report: PublisherReport): boolean | undefined {
  const { publisherLoss, publisherLimited, publisherFrames } = report;
  const lost = lossy || stuck ? publisherLoss : undefined;
  const limited = stuck || starved ? publisherLimited : undefined;
  const few = stuck && publisherFrames !== undefined && publisherFrames < LIMITS.framesPerSecond;
  if (few || isAtLeast(lost, LIMITS.publisherLoss) || isAtLeast(limited, LIMITS.limited)) return true;
  const explained = (!lossy || lost !== undefined) && (!(stuck || starved) || limited !== undefined);
  return explained ? false : undefined;
}

/**
 * The blame for each publisher whose media arrives in trouble, in the order of the publishers' identities. A publisher's own
 * report outweighs what other receivers see.
 */
export function blamesOf({ slot, audiences }: SlotScene, receiver: string): Blame[] {
  const receptions = [...(slot.get(receiver)?.receptions ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  return receptions.flatMap(([publisher, reception]) => {
    const trouble = detectTrouble(reception);
    const bits = troubleBits(trouble);
    // In a test before a call the participant receives their own media.
    if (bits === 0 || publisher === receiver) return [];
    const { receivers, troubles } = audiences.get(publisher) ?? { receivers: 1, troubles: [] };
    const alike = troubles.reduce((sum, count, other) => sum + ((other & bits) === 0 ? 0 : count), 0);
    // The receiver itself does not count.
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
