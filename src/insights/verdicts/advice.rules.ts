import { LIMITS } from './limits.rules.ts';
import type { Cause, Doubt, KnownCause, VerdictEvidence, Measure, Side } from './verdicts.schemas.ts';

export const SIDE_BY_CAUSE: Readonly<Record<KnownCause, Side>> = {
  healthy: 'none',
  uplink_loss: 'own_uplink',
  downlink_loss: 'own_downlink',
  uplink_bandwidth: 'own_uplink',
  downlink_bandwidth: 'own_downlink',
  // A round trip does not show the direction.
  high_latency: 'server_path',
  relay_over_tcp: 'server_path',
  cpu_limited: 'own_device',
  remote_publisher: 'remote_publisher',
  server_path: 'server_path',
  muted: 'none',
};

const ADVICE: Readonly<Record<KnownCause | Doubt, string>> = {
  healthy: 'Nothing to do: everything that was measured is in order.',
  uplink_loss: 'Some of what you send is lost: use a network cable or move closer to the Wi-Fi router.',
  downlink_loss: 'Some of what you receive is lost: use a network cable or move closer to the Wi-Fi router.',
  uplink_bandwidth:
    'Your connection is too slow for what you send: stop other uploads, lower the camera’s resolution, or turn it off.',
  downlink_bandwidth:
    'Your connection is too slow for what you receive: stop other downloads, or show fewer or smaller videos.',
  high_latency:
    'Your connection to the server is slow to respond: turn off a VPN, avoid a mobile network, or use a closer region.',
  relay_over_tcp: 'Audio and video go over TCP and stall: allow UDP in your network, or use another network.',
  cpu_limited:
    'Your device is too busy: close other programs and browser tabs, turn off background effects, or plug it in.',
  remote_publisher: 'The problem is with another participant: ask them to check their connection and device.',
  server_path:
    'Many participants had the problem at the same time: it was in the server or the network, and you cannot fix it.',
  muted: 'Your microphone was muted: unmute it to be heard.',
  round_trip_unknown:
    'No trouble was measured, but the browser does not report the delay: try another browser if it is noticeable.',
  too_few_samples: 'Too little was measured: stay in the call for half a minute or more.',
  nothing_to_compare:
    'Something arrived badly and no other participant measured it: it may be your connection or the other person’s.',
  contradicting_evidence:
    'Something arrived badly and no measure explains it: try again and check once more.',
  several_causes: 'Several things were wrong at the same time: check the candidates one by one.',
};

/** What the participant can do about it, in one sentence. */
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
    below('round_trip_rise_seconds', LIMITS.roundTripRise),
  ],
  downlink_loss: [
    atLeast('downlink_loss_ratio', LIMITS.loss),
    below('uplink_loss_ratio', LIMITS.loss),
    below('round_trip_rise_seconds', LIMITS.roundTripRise),
  ],
  uplink_bandwidth: [
    atLeast('bandwidth_limited_ratio', LIMITS.limited),
    atLeast('round_trip_rise_seconds', LIMITS.roundTripRise),
    atLeast('uplink_loss_ratio', LIMITS.loss),
  ],
  downlink_bandwidth: [
    atLeast('lowered_video_ratio', LIMITS.lowered),
    atLeast('round_trip_rise_seconds', LIMITS.roundTripRise),
    atLeast('downlink_loss_ratio', LIMITS.loss),
  ],
  high_latency: [atLeast('round_trip_seconds', LIMITS.roundTrip)],
  relay_over_tcp: [
    atLeast('tcp_ratio', LIMITS.tcp),
    atLeast('round_trip_rise_seconds', LIMITS.roundTripRise),
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
    below('publisher_frames_per_second', LIMITS.framesPerSecond),
    atLeast('receivers_agreeing', 1),
    below('downlink_loss_ratio', LIMITS.loss),
  ],
  server_path: [
    atLeast('participants_affected', LIMITS.minAffected),
    atLeast('uplink_loss_ratio', LIMITS.loss),
    atLeast('downlink_loss_ratio', LIMITS.loss),
    atLeast('round_trip_seconds', LIMITS.roundTrip),
    atLeast('round_trip_rise_seconds', LIMITS.roundTripRise),
  ],
  muted: [atLeast('muted_ratio', LIMITS.muted)],
};

/** The measures on which a cause is based, with their limits. A measure without a value is left out of the evidence. */
export const criteriaFor = (cause: Cause): readonly Criterion[] => CRITERIA_BY_CAUSE[cause] ?? [];
