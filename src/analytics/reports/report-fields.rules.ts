/** How the values of a field look. moment and date are text of ISO 8601. */
export type FieldType = 'text' | 'number' | 'boolean' | 'moment' | 'date';

export interface ReportField {
  type: FieldType;
  description: string;
}

/** A source of reports, with the dimensions, measures and filters of its rows. */
export interface ReportSource {
  description: string;
  dimensions: Readonly<Record<string, ReportField>>;
  measures: Readonly<Record<string, ReportField>>;
  filters: Readonly<Record<string, ReportField>>;
}

const text = (description: string): ReportField => ({ type: 'text', description });
const number = (description: string): ReportField => ({ type: 'number', description });
const flag = (description: string): ReportField => ({ type: 'boolean', description });

const TIMES = {
  hour: { type: 'moment', description: 'Start of the hour.' },
  day: { type: 'date', description: "Day in the organization's time zone." },
  week: { type: 'date', description: 'Monday of the week.' },
  month: { type: 'date', description: 'First day of the month.' },
} as const satisfies Record<string, ReportField>;

const callFields = {
  type: text('`audio`, `video` or `screen_share`.'),
  region: text('Continent by which the cluster was chosen, two letters; null when unknown.'),
  lost: flag('Whether the media server lost the call.'),
  withAgent: flag('Whether an agent was connected.'),
} as const;
const participantFields = {
  kind: text('`user`, `guest` or `service`.'),
  userId: text('Id of the user; null without an account.'),
  roomId: text('Id of the room.'),
  region: text('Continent of the participant, two letters; null when unknown.'),
  connection: text('Type of the connection: `udp`, `relay`, `tcp`, `tls` or `unknown`.'),
  cause: text("Cause of the verdict, as in the call's quality."),
  device: text('Kind of device: `desktop`, `phone`, `tablet`, `other` or `unknown`.'),
  codec: text('Codec of most of the received video; `unknown` without one.'),
} as const;
const usageFields = {
  meter: text('Name of the meter that counted the usage.'),
  roomId: text('Id of the room; null outside of rooms.'),
  callId: text('Id of the call; null outside of calls.'),
  userId: text('Id of the user; null when no user caused it, or the user was erased.'),
  model: text('Model that was used; null for usage without one.'),
  region: text('Region of the usage; null without one.'),
} as const;
const auditFields = {
  actorKind: text('Kind of the actor: `user`, `apiKey`, `guest`, `operator` or `system`.'),
  actorId: text('Id of the actor; null without one.'),
  action: text('What was done, such as `room.created`.'),
  severity: text('`info`, `warning` or `critical`.'),
  targetType: text('Kind of the thing that was changed.'),
} as const;

/** The sources by name. Figures count at the start of the call, or when the entry was written. */
export const REPORT_SOURCES = {
  calls: {
    description: 'Calls that have ended.',
    dimensions: { ...TIMES, ...callFields },
    measures: {
      calls: number('Calls.'),
      callSeconds: number('Their duration in seconds.'),
      averageCallSeconds: number('Mean duration of a call in seconds.'),
      longestCallSeconds: number('Duration of the longest call in seconds.'),
      peakParticipants: number('Most participants at the same time in one call.'),
    },
    filters: {
      ...callFields,
      callSeconds: number('Duration of the call in seconds.'),
      peakParticipants: number('Most participants at the same time.'),
    },
  },
  participants: {
    description:
      'Participants of calls that have ended, without observers and agents; a person counts in each call.',
    dimensions: { ...TIMES, ...participantFields },
    measures: {
      participations: number('Participants.'),
      calls: number('Different calls.'),
      users: number('Different users.'),
      participantSeconds: number('Connected time in seconds.'),
      sentBytes: number('Bytes that clients reported as sent.'),
      receivedBytes: number('Bytes that clients reported as received.'),
      impairedParticipations: number('Participants whose call was impaired.'),
      averageMos: number('Mean opinion score of the received speech, 1 to 4.5.'),
      averageRoundTripSeconds: number('Mean round trip in seconds.'),
      p95RoundTripSeconds: number('95th percentile of the round trip in seconds.'),
      averageJitterSeconds: number('Mean jitter in seconds.'),
      averageLossRatio: number('Mean share of lost packets, 0 to 1.'),
    },
    filters: {
      ...participantFields,
      participantSeconds: number('Connected time in seconds.'),
      mos: number('Mean opinion score of the received speech.'),
      roundTripSeconds: number('Round trip in seconds.'),
    },
  },
  usage: {
    description: 'Records of usage, at the moment when it began; needs `usage:read` as well.',
    dimensions: { ...TIMES, ...usageFields },
    measures: {
      quantity: number(
        'Quantity in base units of the meter; needs the dimension `meter`, or a filter on one meter.',
      ),
      records: number('Number of different things that were used, such as connections of calls.'),
      calls: number('Different calls.'),
      users: number('Different users.'),
    },
    filters: usageFields,
  },
  costs: {
    description:
      'Cost lines of the usage, at the moment when it began, as in costs of calls; needs `usage:read` as well.',
    dimensions: { ...TIMES, ...usageFields },
    measures: {
      costMicros: number('Sum of the known costs, in millionths of a USD; null when none is known.'),
      unknownCount: number('Number of lines without a known price, whose cost is not included.'),
      quantity: number(
        'Quantity in base units of the meter; needs the dimension `meter`, or a filter on one meter.',
      ),
      calls: number('Different calls.'),
    },
    filters: usageFields,
  },
  audit: {
    description: 'Entries of the audit log; needs `audit:read` as well.',
    dimensions: { ...TIMES, ...auditFields },
    measures: { entries: number('Entries.'), actors: number('Different actors.') },
    filters: auditFields,
  },
} as const satisfies Record<string, ReportSource>;

export type SourceName = keyof typeof REPORT_SOURCES;
export const SOURCE_NAMES = Object.keys(REPORT_SOURCES) as [SourceName, ...SourceName[]];
export const sourceOf = (name: SourceName): ReportSource => REPORT_SOURCES[name];

/** How a filter compares. `in` takes a list, the others one value; null is compared by `eq` and `ne` only. */
export const OPERATORS = ['eq', 'ne', 'in', 'lt', 'lte', 'gt', 'gte'] as const;
export type Operator = (typeof OPERATORS)[number];
/** Operators that need an order. */
export const ORDERING_OPERATORS: readonly Operator[] = ['lt', 'lte', 'gt', 'gte'];
