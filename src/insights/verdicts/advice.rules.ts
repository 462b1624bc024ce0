import { LIMITS } from './limits.rules.ts';
import type { Cause, Doubt, VerdictEvidence, Measure, Side } from './verdicts.schemas.ts';

type KnownCause = Exclude<Cause, 'unknown'>;

export const SIDE_BY_CAUSE: Readonly<Record<KnownCause, Side>> = {
  healthy: 'none',
  uplink_loss: 'own_uplink',
  downlink_loss: 'own_downlink',
  uplink_bandwidth: 'own_uplink',
  downlink_bandwidth: 'own_downlink',
  // A round trip has no direction.
  high_latency: 'server_path',
  relay_over_tcp: 'server_path',
  cpu_limited: 'own_device',
  remote_publisher: 'remote_publisher',
  server_path: 'server_path',
  muted: 'none',
};

const ADVICE: Readonly<Record<KnownCause | Doubt, string>> = {
  healthy: 'Nothing to do: what was measured is in order.',
  uplink_loss: 'What you send gets lost on the way: use a cable or move closer to the access point.',
  downlink_loss: 'What you receive gets lost on the way: use a cable or move closer to the access point.',
  uplink_bandwidth:
    'Your connection cannot carry what you send: stop other uploads, or turn the camera or its resolution down.',
  downlink_bandwidth:
    'Your connection cannot carry what you receive: stop other downloads, or watch fewer or smaller videos.',
  high_latency:
    'The way to the server takes long: leave a VPN or a mobile network if you can, or choose a nearer region.',
  relay_over_tcp: 'Media goes over TCP and stalls: let the network allow UDP, or use another network.',
  cpu_limited:
    'Your device cannot keep up: close other programs, background effects or tabs, or plug in power.',
  remote_publisher: 'The trouble is with one of the others: ask them to look at their connection and device.',
  server_path:
    'Many in the call had it at once: the server or the way to it was in trouble, nothing to do for you.',
  muted: 'Your microphone was muted: unmute it to be heard.',
  too_few_samples: 'Too little was measured for an answer: stay in the call for half a minute or more.',
  nothing_to_compare:
    'Something arrived badly and nobody else measured it: it may be your connection or the other person’s.',
  contradicting_evidence:
    'What arrived was bad though nothing measured explains it: try again and look once more.',
  several_causes: 'Several things were wrong at once: the candidates say which, take them one by one.',
};

/** What to do about it, in one sentence. */
export const adviceFor = (about: KnownCause | Doubt): string => ADVICE[about];

type Criterion = Omit<VerdictEvidence, 'value'>;
const atLeast = (measure: Measure, limit: number): Criterion => ({ measure, relation: 'at_least', limit });
const below = (measure: Measure, limit: number): Criterion => ({ measure, relation: 'below', limit });

const CRITERIA_BY_CAUSE: Readonly<Partial<Record<Cause, readonly Criterion[]>>> = {
  healthy: [
    below('uplink_loss_ratio', LIMITS.loss),
    below('downlink_loss_ratio', LIMITS.loss),
    below('round_trip_seconds', LIMITS.roundTrip),
  ],
  uplink_loss: [
    atLeast('uplink_loss_ratio', LIMITS.loss),
    below('downlink_loss_ratio', LIMITS.loss),
    below('round_trip_rise_seconds', LIMITS.rise),
  ],
  downlink_loss: [
    atLeast('downlink_loss_ratio', LIMITS.loss),
    below('uplink_loss_ratio', LIMITS.loss),
    below('round_trip_rise_seconds', LIMITS.rise),
  ],
  uplink_bandwidth: [
    atLeast('bandwidth_limited_ratio', LIMITS.limited),
    atLeast('round_trip_rise_seconds', LIMITS.rise),
    atLeast('uplink_loss_ratio', LIMITS.loss),
  ],
  downlink_bandwidth: [
    atLeast('lowered_video_ratio', LIMITS.lowered),
    atLeast('round_trip_rise_seconds', LIMITS.rise),
    atLeast('downlink_loss_ratio', LIMITS.loss),
  ],
  high_latency: [atLeast('round_trip_seconds', LIMITS.roundTrip)],
  relay_over_tcp: [
    atLeast('tcp_ratio', LIMITS.tcp),
    atLeast('round_trip_rise_seconds', LIMITS.rise),
    atLeast('jitter_seconds', LIMITS.jitter),
    atLeast('freeze_ratio', LIMITS.freeze),
    atLeast('bandwidth_limited_ratio', LIMITS.limited),
    atLeast('lowered_video_ratio', LIMITS.lowered),
  ],
  cpu_limited: [
    atLeast('cpu_limited_ratio', LIMITS.limited),
    atLeast('dropped_frames_ratio', LIMITS.dropped),
  ],
  remote_publisher: [
    atLeast('publisher_loss_ratio', LIMITS.publisherLoss),
    atLeast('publisher_limited_ratio', LIMITS.limited),
    below('publisher_frames_per_second', LIMITS.frames),
    atLeast('receivers_agreeing', 1),
    below('downlink_loss_ratio', LIMITS.loss),
  ],
  server_path: [
    atLeast('participants_affected', LIMITS.affectedAtLeast),
    atLeast('uplink_loss_ratio', LIMITS.loss),
    atLeast('downlink_loss_ratio', LIMITS.loss),
    atLeast('round_trip_seconds', LIMITS.roundTrip),
    atLeast('round_trip_rise_seconds', LIMITS.rise),
  ],
  muted: [atLeast('muted_ratio', LIMITS.muted)],
};

/** The measures that a cause rests on, with their limits; those that were not measured are left out of its evidence. */
export const criteriaFor = (cause: Cause): readonly Criterion[] => CRITERIA_BY_CAUSE[cause] ?? [];
