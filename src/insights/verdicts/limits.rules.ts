/**
 * From where on a measure counts as trouble. Chosen from what people notice (3 % of speech lost, 400 ms to the server and
 * back) and held by the labelled calls in the tests; one place, so that evidence can name the limit that decided.
 */
export const LIMITS = {
  /** Of packets. */
  loss: 0.03,
  /** Of packets: what makes senders believe in less bandwidth than there is. */
  heavyLoss: 0.06,
  /** A publisher's own loss that explains what receivers miss. */
  publisherLoss: 0.02,
  /** Seconds to the server and back. */
  roundTrip: 0.4,
  /** Seconds above the participant's own quiet round trip: something queues. */
  rise: 0.1,
  /** Seconds. */
  jitter: 0.04,
  /** Of the time that the picture stood still. */
  freeze: 0.05,
  /** Of the played audio. */
  concealed: 0.03,
  /** Frames per second of a camera. */
  frames: 10,
  /** Of the time that an encoder was limited, or that frames were dropped. */
  limited: 0.4,
  dropped: 0.2,
  /** What a camera takes at least; less is held against the line where the encoder does not say. */
  cameraBps: 500_000,
  /** Of the time that pictures came smaller than wanted, or not at all. */
  lowered: 0.4,
  tcp: 0.5,
  muted: 0.8,
  /** Of the participants, and at least so many: then it is nobody's own trouble. */
  affected: 0.6,
  affectedAtLeast: 3,
  /** Packets below which a loss says nothing. */
  packets: 50,
  /** Seconds of a slot below which it says nothing. */
  slotSeconds: 3,
  /** Seconds altogether below which there is no verdict. */
  observedSeconds: 25,
  /** Slots that a cause needs to be there in: of all, and never fewer than `least`; in a long call `much` are enough. */
  share: 0.25,
  least: 2,
  much: { slots: 6, share: 0.02 },
  /** For so many slots after heavy loss, want of bandwidth is its aftermath. */
  aftermathSlots: 4,
  /** A second cause that is this often there as the first is no side show. */
  rival: 0.5,
} as const;

/** In how many of so many slots something must be found to count; what is rarer is a passing disturbance. */
export const minimumSlots = (slots: number): number =>
  Math.max(LIMITS.least, Math.min(slots * LIMITS.share, LIMITS.much.slots + slots * LIMITS.much.share));
