import type { LiveBreakouts, LivePoll } from '../protocol/index.ts';
import { selectRow, selectRows, type Sql } from '../../kernel/durable/index.ts';
import {
  type RoomStateChange,
  type RoomFacts,
  isInRoom,
  EMPTY_FACTS,
  NO_DECISIONS,
  type LivePerson,
  type RoomState,
  type PersonDecisions,
  type LobbyRecord,
} from '../room-state/index.ts';

const DAY_MS = 86_400_000;
/** Longer than any ticket is valid, so that a decision overrides every ticket issued before. */
const DECISIONS_KEPT_MS = DAY_MS;
/** For people who left: remembers what they have read. */
const PEOPLE_KEPT_MS = 30 * DAY_MS;
/** Longer than an entry is valid without being renewed. */
const LOBBY_KEPT_MS = 3_600_000;

interface StoredRow {
  id: string;
  value: string;
}

const parseRow = ({ value }: StoredRow): unknown => JSON.parse(value);

/** The stored state, with a copy in memory of what is read often: people in the room, facts, polls, breakouts, lobby. */
export class StateStore {
  readonly #sql: Sql;
  readonly #people = new Map<string, LivePerson>();
  readonly #collections = {
    poll: new Map<string, LivePoll>(),
    breakouts: new Map<string, LiveBreakouts>(),
    lobby: new Map<string, LobbyRecord>(),
  };
  #facts: RoomFacts;

  constructor(sql: Sql) {
    this.#sql = sql;
    sql.exec(
      'create table if not exists things (thing text, id text, value text not null, primary key (thing, id)) without rowid',
    );
    sql.exec(`create table if not exists people (id text primary key, here integer not null, seen_at_ms integer not null,
      value text not null) without rowid`);
    sql.exec(
      'create table if not exists told (id text primary key, at_ms integer not null, value text) without rowid',
    );
    for (const row of selectRows(sql, 'select id, value from people where here = 1') as StoredRow[])
      this.#people.set(row.id, parseRow(row) as LivePerson);
    for (const [thing, map] of Object.entries(this.#collections))
      for (const row of selectRows(sql, 'select id, value from things where thing = ?', thing) as StoredRow[])
        (map as Map<string, unknown>).set(row.id, parseRow(row));
    const facts = selectRow(sql, `select id, value from things where thing = 'facts'`) as
      | StoredRow
      | undefined;
    this.#facts = facts ? { ...EMPTY_FACTS, ...(parseRow(facts) as RoomFacts) } : EMPTY_FACTS;
  }

  get state(): RoomState {
    const { poll: polls, breakouts, lobby } = this.#collections;
    return { facts: this.#facts, people: this.#people, polls, breakouts, lobby };
  }

  /** A person who is or was in the room. */
  person(identity: string): LivePerson | undefined {
    const here = this.#people.get(identity);
    if (here) return here;
    const row = selectRow(this.#sql, 'select id, value from people where id = ?', identity) as
      | StoredRow
      | undefined;
    return row && (parseRow(row) as LivePerson);
  }

  decisionsAbout(identity: string): PersonDecisions {
    const row = selectRow(this.#sql, 'select id, value from told where id = ?', `person/${identity}`) as
      | StoredRow
      | undefined;
    return row ? (parseRow(row) as PersonDecisions) : NO_DECISIONS;
  }

  /** When a credential ended, as far as the room knows; undefined while it is good. */
  credentialEndedAtMs(id: string): number | undefined {
    return this.#decidedAtMs(`credential/${id}`);
  }

  #decidedAtMs(id: string): number | undefined {
    const query = 'select at_ms as atMs from told where id = ?';
    return (selectRow(this.#sql, query, id) as { atMs: number } | undefined)?.atMs;
  }

  /** Notes a decision. @returns false if it, or a later one about the same subject, was noted before */
  acceptDecision(key: string, subject: string | null, atMs: number): boolean {
    if (this.#decidedAtMs(`key/${key}`) !== undefined) return false;
    this.#putDecision(`key/${key}`, atMs, null);
    if (subject === null) return true;
    if ((this.#decidedAtMs(`thing/${subject}`) ?? -1) > atMs) return false;
    this.#putDecision(`thing/${subject}`, atMs, null);
    return true;
  }

  applyChange(change: RoomStateChange): void {
    switch (change.record) {
      case 'facts':
        this.#facts = change.value;
        this.#put('facts', '', change.value);
        return;
      case 'person':
        this.#putPerson(change.value);
        return;
      case 'decisions':
        this.#putDecision(`person/${change.id}`, change.atMs, JSON.stringify(change.value));
        return;
      case 'endedCredential':
        this.#putDecision(`credential/${change.id}`, change.atMs, null);
        return;
      case 'poll':
      case 'breakouts':
      case 'lobby': {
        const map = this.#collections[change.record] as Map<string, unknown>;
        if (change.value === null) map.delete(change.id);
        else map.set(change.id, change.value);
        this.#put(change.record, change.id, change.value);
      }
    }
  }

  /** Deletes records that are older than they are kept. */
  prune(nowMs: number): void {
    this.#sql.exec('delete from told where at_ms < ?', nowMs - DECISIONS_KEPT_MS);
    this.#sql.exec('delete from people where here = 0 and seen_at_ms < ?', nowMs - PEOPLE_KEPT_MS);
    const { endedAtMs } = this.#facts;
    if (endedAtMs !== null && endedAtMs < nowMs - DECISIONS_KEPT_MS)
      this.applyChange({ record: 'facts', value: { ...this.#facts, endedAtMs: null } });
    for (const [id, { atMs }] of this.#collections.lobby)
      if (atMs < nowMs - LOBBY_KEPT_MS) this.applyChange({ record: 'lobby', id, value: null });
  }

  /** Whether no person and no decision is stored. */
  get isEmpty(): boolean {
    const query = 'select 1 as one from people union all select 1 as one from told limit 1';
    return selectRow(this.#sql, query) === undefined;
  }

  /** Whether the room has only default facts and no polls, breakouts or lobby, so that it can be deleted. */
  get isForgettable(): boolean {
    const hasDefaultFacts = JSON.stringify(this.#facts) === JSON.stringify(EMPTY_FACTS);
    return hasDefaultFacts && Object.values(this.#collections).every((map) => map.size === 0);
  }

  #putPerson(person: LivePerson): void {
    const { identity, seenAtMs } = person;
    const here = isInRoom(person);
    if (here) this.#people.set(identity, person);
    else this.#people.delete(identity);
    this.#sql.exec(
      'insert or replace into people (id, here, seen_at_ms, value) values (?, ?, ?, ?)',
      identity,
      here ? 1 : 0,
      seenAtMs,
      JSON.stringify(person),
    );
  }

  #put(thing: string, id: string, value: unknown): void {
    if (value === null) this.#sql.exec('delete from things where thing = ? and id = ?', thing, id);
    else
      this.#sql.exec(
        'insert or replace into things (thing, id, value) values (?, ?, ?)',
        thing,
        id,
        JSON.stringify(value),
      );
  }

  #putDecision(id: string, atMs: number, value: string | null): void {
    this.#sql.exec('insert or replace into told (id, at_ms, value) values (?, ?, ?)', id, atMs, value);
  }
}
