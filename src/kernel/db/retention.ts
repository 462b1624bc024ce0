/**
 * What becomes of everything that is stored when a person or an organization is erased. One inventory of all that the
 * product keeps, wherever it keeps it: a test fails when a table, a bucket, a data set or a live object is not in it.
 */
export interface Retention {
  /**
   * cascade: goes with its organization or person. anonymise: stays without what names a person. retain: stays, for
   * the reason given. expire: goes by itself after its time.
   */
  rule: 'cascade' | 'anonymise' | 'retain' | 'expire';
  /** With whom it goes, what is taken out of it, why it stays, or when it goes. */
  how: string;
}

/** By the table's name. A legal hold wins over every rule here. */
export const TABLE_RETENTION: Readonly<Record<string, Retention>> = {
  api_keys: { rule: 'cascade', how: 'with its organization' },
  audit_chains: { rule: 'retain', how: 'evidence: the head of a log that must be shown to be whole' },
  audit_checkpoints: { rule: 'retain', how: 'evidence: signed counts and heads, naming nobody' },
  audit_logs: {
    rule: 'anonymise',
    how: 'address, user agent, before, after and their salts go; the commitments keep the chain whole',
  },
  breakout_people: { rule: 'cascade', how: 'with the breakout, and with the person; a guest is a name' },
  breakout_rooms: { rule: 'cascade', how: 'with the breakout' },
  breakouts: { rule: 'cascade', how: 'with the room that was divided' },
  call_connections: { rule: 'cascade', how: 'with its call' },
  call_feedback: { rule: 'cascade', how: 'with its participant, and so with the call' },
  call_participants: {
    rule: 'anonymise',
    how: 'with its call; of an erased person the name goes and the identity is replaced, the times stay',
  },
  call_tracks: { rule: 'cascade', how: 'with its call' },
  calls: { rule: 'cascade', how: 'with its room' },
  contacts: {
    rule: 'cascade',
    how: 'with the owner, with the person who is the contact, and with the organization',
  },
  chat_messages: { rule: 'cascade', how: 'with its organization and room, and with the person who wrote it' },
  chat_reactions: { rule: 'cascade', how: 'with its message' },
  credentials: { rule: 'cascade', how: 'with the person' },
  idempotency_records: { rule: 'expire', how: '24 hours after the first answer' },
  invitations: { rule: 'cascade', how: 'with its organization' },
  link_visitors: {
    rule: 'expire',
    how: '30 days after the link is deleted or has expired; holds a keyed hash, no address',
  },
  links: { rule: 'cascade', how: 'with its room' },
  livekit_events: { rule: 'expire', how: 'seven days after they came: the ledger holds what they said' },
  lobby_entries: { rule: 'cascade', how: 'with the room, and with the person; a guest is a name' },
  members: { rule: 'cascade', how: 'with its organization, and with the person' },
  operations: { rule: 'expire', how: 'with its result, at expiresAt' },
  organizations: { rule: 'cascade', how: 'closed at once; the erasure that follows deletes the row' },
  outbox: { rule: 'expire', how: 'when done; a dead letter when an operator settles it' },
  presences: { rule: 'cascade', how: 'with the person and with the organization' },
  poll_votes: { rule: 'cascade', how: 'with the poll, and with the person; an anonymous one names nobody' },
  polls: { rule: 'cascade', how: 'with its room' },
  quality_samples: { rule: 'expire', how: 'after 90 days, or with the call; holds no address and no device' },
  quality_totals: { rule: 'cascade', how: 'with its participant, and so with the call; counts alone' },
  refresh_tokens: { rule: 'cascade', how: 'with its session' },
  rings: { rule: 'expire', how: '90 days after they began; with either person and with the organization' },
  room_moves: { rule: 'expire', how: 'a day after the move has expired; with the rooms and with the person' },
  room_people: {
    rule: 'cascade',
    how: 'with the room, and with the person; a guest who was never in, when their ticket has run out',
  },
  rooms: { rule: 'cascade', how: 'with its organization' },
  sessions: { rule: 'cascade', how: 'with the person' },
  users: { rule: 'cascade', how: 'the person; erasing the row takes what hangs on it' },
  verifications: { rule: 'expire', how: 'at expiresAt, within a day' },
};

/** By the name of the binding or the live object's class. */
export const STORE_RETENTION: Readonly<Record<string, Retention>> = {
  ANALYTICS: { rule: 'expire', how: 'after three months, by the platform; holds no personal data' },
  OBJECTS: { rule: 'expire', how: 'results of operations, with the operation they belong to' },
  OUTBOX: { rule: 'expire', how: 'a message names rows, holds none; gone when settled' },
  OrgLimiter: { rule: 'expire', how: 'counts of the current windows, gone with them' },
  PasswordHasher: { rule: 'expire', how: 'stores nothing' },
  RoomObject: {
    rule: 'expire',
    how: 'events after a day, people and state with the room; chat is kept in its table',
  },
  UserInbox: {
    rule: 'expire',
    how: 'events after a day; who follows whom with the connections and the memberships',
  },
};
