import { CHAT_EVENTS, type Cursor, type EventDraft, type RoomEvent } from '../realtime/index.ts';
import { EventMemory, indexed, type Source, withdraw } from './event-memory.ts';
import type { Written } from './hidden.rules.ts';
import { iso } from './outcome.rules.ts';
import { Meta, rowOf, rowsOf, type Sql } from './sql.ts';

/** How much of the past can be replayed: whichever is reached first. */
export const HISTORY = { events: 1_000, characters: 1024 * 1024, ms: 86_400_000 };
/** Trimming waits until so many events are over the bound: then it is one statement for many events. */
const SLACK_EVENTS = 100;
/** What a frame's id and a message's author are remembered for, beyond what can be replayed. */
const REMEMBERED_EVENTS = 20_000;

const CHAT_LIST = CHAT_EVENTS.map((type) => `'${type}'`).join(', ');

/**
 * The room's events in their one order. A row is at once what is replayed, what a repeated frame is recognised by, what
 * is known of a message, and what is still to be kept in the chat's own table; its text goes first.
 */
export class EventLog {
  readonly #sql: Sql;
  readonly #meta: Meta;
  readonly memory: EventMemory;
  readonly epoch: string;
  /** Of the last event; 0 before the first. */
  headSeq: number;
  /** Of the first event that can be replayed. */
  floorSeq: number;
  /** Chat up to here is in its own table. */
  keptSeq: number;
  #lastAtMs: number;
  #characters: number;

  /** @param newEpoch names the history, if it begins now */
  constructor(sql: Sql, newEpoch: () => string) {
    this.#sql = sql;
    this.#meta = new Meta(sql);
    this.memory = new EventMemory(sql);
    sql.exec(`create table if not exists events (seq integer primary key, at_ms integer not null, type text not null,
      identity text, frame_id text, ref text, author text, thread_id text, body text)`);
    sql.exec(`create unique index if not exists events_frame on events (identity, frame_id)
      where frame_id is not null`);
    sql.exec('create index if not exists events_ref on events (ref) where ref is not null');
    let epoch = this.#meta.get('epoch');
    if (epoch === undefined) this.#meta.set('epoch', (epoch = newEpoch()));
    this.epoch = epoch;
    const last = rowOf(sql, 'select seq, at_ms from events order by seq desc limit 1') as
      | { seq: number; at_ms: number }
      | undefined;
    // Rows go when they are old, but for chat that is still to be kept: the head may outlive its row.
    this.headSeq = Math.max(last?.seq ?? 0, this.#meta.number('head_seq'));
    this.#lastAtMs = last?.at_ms ?? 0;
    this.floorSeq = Math.max(1, this.#meta.number('floor_seq'));
    this.keptSeq = this.#meta.number('kept_seq');
    this.#characters = this.#count();
  }

  /** The time that the next event gets: later than the one before, so that time is an order too. */
  nextAtMs(nowMs: number): number {
    return Math.max(nowMs, this.#lastAtMs + 1);
  }

  append(draft: EventDraft, nowMs: number, source?: Source): Written {
    const seq = this.headSeq + 1;
    const atMs = this.nextAtMs(nowMs);
    const text = JSON.stringify({ ...draft, seq, at: iso(atMs) });
    const { ref, author, threadId } = indexed(draft);
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
    this.#characters += text.length + withdraw(this.#sql, draft, seq, this.floorSeq);
    if (this.#isOver()) this.trim(nowMs);
    return { seq, atMs, type: draft.type, text };
  }

  /** What can be replayed after `seq`, in order. */
  after(seq: number): Written[] {
    return rowsOf(
      this.#sql,
      'select seq, at_ms as atMs, type, body as text from events where seq > ? and seq >= ? order by seq',
      seq,
      this.floorSeq,
    ) as Written[];
  }

  /** Which events a client with this cursor has missed for good; undefined when all it missed can be replayed. */
  gapAfter({
    epoch,
    seq,
  }: Cursor): { from: number; to: number; reason: 'trimmed' | 'epoch' | 'ahead' } | undefined {
    if (epoch !== this.epoch) return { from: 1, to: this.floorSeq - 1, reason: 'epoch' };
    if (seq > this.headSeq) return { from: this.headSeq + 1, to: seq, reason: 'ahead' };
    if (seq + 1 < this.floorSeq) return { from: seq + 1, to: this.floorSeq - 1, reason: 'trimmed' };
    return undefined;
  }

  /** Chat that is not in its own table yet, at most so many events of it. */
  unkeptChat(limit: number): RoomEvent[] {
    const query = `select body as text from events where seq > ? and type in (${CHAT_LIST}) order by seq limit ?`;
    return (rowsOf(this.#sql, query, this.keptSeq, limit) as { text: string }[]).map(
      ({ text }) => JSON.parse(text) as RoomEvent,
    );
  }

  /** Chat up to this event is in its own table. */
  keep(seq: number): void {
    this.keptSeq = seq;
    this.#meta.set('kept_seq', seq);
  }

  /** Forgets what is over the bounds. Chat that is not kept elsewhere stays, but is not replayed. */
  trim(nowMs: number): void {
    const oldestMs = nowMs - HISTORY.ms;
    const young = rowOf(
      this.#sql,
      'select seq from events where at_ms > ? order by seq limit 1',
      oldestMs,
    ) as { seq: number } | undefined;
    let floor = Math.max(this.floorSeq, this.headSeq - HISTORY.events + 1, young?.seq ?? this.headSeq + 1);
    let excess = this.#count(floor) - HISTORY.characters;
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
    const unkept = `(seq > ? and type in (${CHAT_LIST}))`;
    this.#sql.exec(
      `update events set body = null where seq < ? and body is not null and not ${unkept}`,
      floor,
      this.keptSeq,
    );
    this.#sql.exec(
      'delete from events where seq < ? and body is null and (at_ms <= ? or seq <= ?)',
      floor,
      oldestMs,
      this.headSeq - REMEMBERED_EVENTS,
    );
    this.#characters = this.#count();
  }

  get isEmpty(): boolean {
    return rowOf(this.#sql, 'select 1 as one from events limit 1') === undefined;
  }

  get hasUnkeptChat(): boolean {
    const query = `select 1 as one from events where seq > ? and type in (${CHAT_LIST}) limit 1`;
    return rowOf(this.#sql, query, this.keptSeq) !== undefined;
  }

  #isOver(): boolean {
    const events = this.headSeq - this.floorSeq + 1;
    // An event has at least a few characters, so the slack in events bounds the slack in characters' checks too.
    return events > HISTORY.events + SLACK_EVENTS || this.#characters > HISTORY.characters * 1.1;
  }

  #count(floor = this.floorSeq): number {
    const query = 'select coalesce(sum(length(body)), 0) as size from events where seq >= ?';
    return (rowOf(this.#sql, query, floor) as { size: number } | undefined)!.size;
  }

  #sizes(floor: number): Iterable<{ seq: number; size: number }> {
    const query = 'select seq, length(body) as size from events where seq >= ? order by seq';
    return rowsOf(this.#sql, query, floor) as { seq: number; size: number }[];
  }
}
