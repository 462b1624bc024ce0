/**
 * The limits from which a measure counts as trouble. They are chosen from what people notice (3 % of speech lost, a round
 * trip of 400 ms) and verified by the labelled calls in the tests. Evidence names the limit that decided.
 */
export const LIMITS = {
  /** Share of packets. */
  loss: 0.03,
  /** Share of packets: from here on senders estimate less bandwidth than there is. */
  heavyLoss: 0.06,
  /** Share of packets that a publisher loses and that explains what receivers miss. */
  publisherLoss: 0.02,
  /** Seconds to the server and back. */
  roundTrip: 0.4,
  /** Seconds above the participant's own least round trip: packets queue. */
  roundTripRise: 0.1,
  /** Seconds. */
  jitter: 0.04,
  /** Share of the time for which video was frozen. */
  freeze: 0.05,
  /** Share of the played audio. */
  concealed: 0.03,
  /** Frames per second of a camera. */
  framesPerSecond: 10,
  /** Share of the time for which an encoder was limited. */
  limited: 0.4,
  /** Share of the frames that were dropped. */
  dropped: 0.2,
  /** Bits per second that a camera needs; an estimate below it counts as a limit where the encoder does not report one. */
  cameraBps: 500_000,
  /** Share of the time for which video was smaller than requested, or paused. */
  lowered: 0.4,
  tcp: 0.5,
  muted: 0.8,
  /** Share of the participants, and at least this many: then the trouble is not a participant's own. */
  affectedShare: 0.6,
  minAffected: 3,
  /** With fewer packets a loss is not meaningful. */
  minPackets: 50,
  /** With fewer measured seconds a slot is not meaningful. */
  minSlotSeconds: 3,
  /** With fewer seconds altogether there is no verdict. */
  minObservedSeconds: 25,
  /** A cause must be found in this share of the slots, and in at least `minSlots`; in a long call `longCall` suffices. */
  slotShare: 0.25,
  minSlots: 2,
  longCall: { slots: 6, share: 0.02 },
  /** For this many slots after heavy loss, a bandwidth cause is its aftermath. */
  aftermathSlots: 4,
  /** A second cause that is found this often in relation to the first competes with it. */
  rivalShare: 0.5,
} as const;

/** In how many of `slots` slots a cause must be found to count; a rarer one is a passing disturbance. */
export const minimumSlots = (slots: number): number =>
  Math.max(
    LIMITS.minSlots,
    Math.min(slots * LIMITS.slotShare, LIMITS.longCall.slots + slots * LIMITS.longCall.share),
  );
