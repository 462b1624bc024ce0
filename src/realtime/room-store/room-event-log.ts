import { CHAT_EVENTS, type RoomCursor, type RoomEventDraft, type RoomEvent } from '../protocol/index.ts';
import { EventLookup, indexFieldsOf, type FrameSource, withdrawReplacedText } from './event-lookup.ts';
import type { WrittenEvent } from '../room-state/index.ts';
import { toIsoTime } from '../room-state/index.ts';
import { SqlKeyValues, selectRow, selectRows, type Sql } from '../../kernel/durable/index.ts';

/** How many of the latest events can be replayed; the limit that is reached first counts. */
export const REPLAY_LIMITS = { events: 1_000, characters: 1024 * 1024, ms: 86_400_000 };
/** Events over the limit before the log is trimmed, so that one statement trims many events. */
const TRIM_SLACK_EVENTS = 100;
/** Events whose frame ids and authors are remembered after they can no longer be replayed. */
const MAX_REMEMBERED_EVENTS = 20_000;

const CHAT_TYPES_SQL = CHAT_EVENTS.map((type) => `'${type}'`).join(', ');

/**
 * The room's events in their one order. A row serves four purposes: it is replayed, it recognises a repeated frame, it is
 * known about a message, and it is chat that is still to be persisted. Its text is deleted before the row.
 */
export class RoomEventLog {
  readonly #sql: Sql;
  readonly #meta: SqlKeyValues;
  readonly lookup: EventLookup;
  readonly epoch: string;
  /** The number of the last event; 0 before the first. */
  headSeq: number;
  /** The number of the first event that can be replayed. */
  floorSeq: number;
  /** Chat up to this number is persisted in its own table. */
  persistedSeq: number;
  #lastAtMs: number;
  #characters: number;

  /** @param newEpoch returns the name of a new history; called if none is stored */
  constructor(sql: Sql, newEpoch: () => string) {
    this.#sql = sql;
    this.#meta = new SqlKeyValues(sql);
    this.lookup = new EventLookup(sql);
    sql.exec(`create table if not exists events (seq integer primary key, at_ms integer not null, type text not null,
      identity text, frame_id text, ref text, author text, thread_id text, body text)`);
    sql.exec(`create unique index if not exists events_frame on events (identity, frame_id)
      where frame_id is not null`);
    sql.exec('create index if not exists events_ref on events (ref) where ref is not null');
    let epoch = this.#meta.get('epoch');
    if (epoch === undefined) this.#meta.set('epoch', (epoch = newEpoch()));
    this.epoch = epoch;
    const last = selectRow(sql, 'select seq, at_ms from events order by seq desc limit 1') as
      | { seq: number; at_ms: number }
      | undefined;
    // Old rows are deleted, so the last number may be known from `meta` only.
    this.headSeq = Math.max(last?.seq ?? 0, this.#meta.getNumber('head_seq'));
    this.#lastAtMs = last?.at_ms ?? 0;
    this.floorSeq = Math.max(1, this.#meta.getNumber('floor_seq'));
    this.persistedSeq = this.#meta.getNumber('kept_seq');
    this.#characters = this.#countCharacters();
  }

  /** The time of the next event: at least a millisecond after the previous one, so that times are in order too. */
  nextAtMs(nowMs: number): number {
    return Math.max(nowMs, this.#lastAtMs + 1);
  }

  append(draft: RoomEventDraft, nowMs: number, source?: FrameSource): WrittenEvent {
    const seq = this.headSeq + 1;
    const atMs = this.nextAtMs(nowMs);
    const text = JSON.stringify({ ...draft, seq, at: toIsoTime(atMs) });
    const { ref, author, threadId } = indexFieldsOf(draft);
    this.#sql.exec(
      'insert into events (seq, at_ms, type, identity, frame_id, ref, author, thread_id, body) values (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      seq,
      atMs,
      draft.type,
      source?.identity ?? null,
      source?.frameId ?? null,
      ref,
      author,
      threadId,
      text,
    );
    this.headSeq = seq;
    this.#lastAtMs = atMs;
    this.#characters += text.length + withdrawReplacedText(this.#sql, draft, seq, this.floorSeq);
    if (this.#isOverLimits()) this.trim(nowMs);
    return { seq, atMs, type: draft.type, text };
  }

  /** The replayable events after `seq`, in order. */
  eventsAfter(seq: number): WrittenEvent[] {
    return selectRows(
      this.#sql,
      'select seq, at_ms as atMs, type, body as text from events where seq > ? and seq >= ? order by seq',
      seq,
      this.floorSeq,
    ) as WrittenEvent[];
  }

  /** The events that a client with this cursor missed and cannot get; undefined if all can be replayed. */
  gapAfter({
    epoch,
    seq,
  }: RoomCursor): { from: number; to: number; reason: 'trimmed' | 'epoch' | 'ahead' } | undefined {
    if (epoch !== this.epoch) return { from: 1, to: this.floorSeq - 1, reason: 'epoch' };
    if (seq > this.headSeq) return { from: this.headSeq + 1, to: seq, reason: 'ahead' };
    if (seq + 1 < this.floorSeq) return { from: seq + 1, to: this.floorSeq - 1, reason: 'trimmed' };
    return undefined;
  }

  /** At most `limit` chat events that are not persisted in their own table yet, oldest first. */
  unpersistedChat(limit: number): RoomEvent[] {
    const query = `select body as text from events where seq > ? and type in (${CHAT_TYPES_SQL}) order by seq limit ?`;
    return (selectRows(this.#sql, query, this.persistedSeq, limit) as { text: string }[]).map(
      ({ text }) => JSON.parse(text) as RoomEvent,
    );
  }

  /** Notes that chat up to this number is persisted in its own table. */
  markPersisted(seq: number): void {
    this.persistedSeq = seq;
    this.#meta.set('kept_seq', seq);
  }

  /** Deletes events beyond the limits. Chat that is not persisted yet stays, but is not replayed. */
  trim(nowMs: number): void {
    const oldestMs = nowMs - REPLAY_LIMITS.ms;
    const oldestRecent = selectRow(
      this.#sql,
      'select seq from events where at_ms > ? order by seq limit 1',
      oldestMs,
    ) as { seq: number } | undefined;
    let floor = Math.max(
      this.floorSeq,
      this.headSeq - REPLAY_LIMITS.events + 1,
      oldestRecent?.seq ?? this.headSeq + 1,
    );
    let excess = this.#countCharacters(floor) - REPLAY_LIMITS.characters;
    if (excess > 0)
      for (const { seq, size } of this.#sizes(floor)) {
        floor = seq + 1;
        excess -= size;
        if (excess <= 0) break;
      }
    this.#raiseFloor(floor, oldestMs);
  }

  #raiseFloor(floor: number, oldestMs: number): void {
    this.floorSeq = floor;
    this.#meta.set('floor_seq', floor);
    this.#meta.set('head_seq', this.headSeq);
    const unpersistedChatSql = `(seq > ? and type in (${CHAT_TYPES_SQL}))`;
    this.#sql.exec(
      `update events set body = null where seq < ? and body is not null and not ${unpersistedChatSql}`,
      floor,
      this.persistedSeq,
    );
    this.#sql.exec(
      'delete from events where seq < ? and body is null and (at_ms <= ? or seq <= ?)',
      floor,
      oldestMs,
      this.headSeq - MAX_REMEMBERED_EVENTS,
    );
    this.#characters = this.#countCharacters();
  }

  get isEmpty(): boolean {
    return selectRow(this.#sql, 'select 1 as one from events limit 1') === undefined;
  }

  get hasUnpersistedChat(): boolean {
    const query = `select 1 as one from events where seq > ? and type in (${CHAT_TYPES_SQL}) limit 1`;
    return selectRow(this.#sql, query, this.persistedSeq) !== undefined;
  }

  #isOverLimits(): boolean {
    const events = this.headSeq - this.floorSeq + 1;
    // An event has at least a few characters, so the slack in events bounds the slack in characters' checks too.
    return (
      events > REPLAY_LIMITS.events + TRIM_SLACK_EVENTS || this.#characters > REPLAY_LIMITS.characters * 1.1
    );
  }

  #countCharacters(floor = this.floorSeq): number {
    const query = 'select coalesce(sum(length(body)), 0) as size from events where seq >= ?';
    return (selectRow(this.#sql, query, floor) as { size: number } | undefined)!.size;
  }

  #sizes(floor: number): Iterable<{ seq: number; size: number }> {
    const query = 'select seq, length(body) as size from events where seq >= ? order by seq';
    return selectRows(this.#sql, query, floor) as { seq: number; size: number }[];
  }
}
