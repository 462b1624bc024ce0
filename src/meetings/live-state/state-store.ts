import type { LiveBreakouts, LivePoll } from '../realtime/index.ts';
import { rowOf, rowsOf, type Sql } from './sql.ts';
import {
  type Change,
  type Facts,
  isHere,
  NO_FACTS,
  NOTHING_TOLD,
  type Person,
  type RoomState,
  type Told,
  type Waiting,
} from './state.rules.ts';

const DAY_MS = 86_400_000;
/** A ticket lives minutes: what was told against one is of no use after that. */
const TOLD_KEPT_MS = DAY_MS;
/** Those who are not here, for what they have read. */
const PEOPLE_KEPT_MS = 30 * DAY_MS;
/** Longer than anybody waits without asking again. */
const LOBBY_KEPT_MS = 3_600_000;

interface Row {
  id: string;
  value: string;
}

const parse = ({ value }: Row): unknown => JSON.parse(value);

/** The state as it is stored, and a copy of what is asked for often: those who are here, and what all see. */
export class StateStore {
  readonly #sql: Sql;
  readonly #people = new Map<string, Person>();
  readonly #things = {
    poll: new Map<string, LivePoll>(),
    breakouts: new Map<string, LiveBreakouts>(),
    lobby: new Map<string, Waiting>(),
  };
  #facts: Facts;

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
    for (const row of rowsOf(sql, 'select id, value from people where here = 1') as Row[])
      this.#people.set(row.id, parse(row) as Person);
    for (const [thing, map] of Object.entries(this.#things))
      for (const row of rowsOf(sql, 'select id, value from things where thing = ?', thing) as Row[])
        (map as Map<string, unknown>).set(row.id, parse(row));
    const facts = rowOf(sql, `select id, value from things where thing = 'facts'`) as Row | undefined;
    this.#facts = facts ? { ...NO_FACTS, ...(parse(facts) as Facts) } : NO_FACTS;
  }

  get state(): RoomState {
    const { poll: polls, breakouts, lobby } = this.#things;
    return { facts: this.#facts, people: this.#people, polls, breakouts, lobby };
  }

  /** Somebody who is or was here. */
  person(identity: string): Person | undefined {
    const here = this.#people.get(identity);
    if (here) return here;
    const row = rowOf(this.#sql, 'select id, value from people where id = ?', identity) as Row | undefined;
    return row && (parse(row) as Person);
  }

  told(identity: string): Told {
    const row = rowOf(this.#sql, 'select id, value from told where id = ?', `person/${identity}`) as
      | Row
      | undefined;
    return row ? (parse(row) as Told) : NOTHING_TOLD;
  }

  /** Notes a decision. @returns false when it, or a later one about the same thing, was told before */
  isNews(key: string, thing: string | null, atMs: number): boolean {
    const known = (id: string) =>
      (rowOf(this.#sql, 'select at_ms as atMs from told where id = ?', id) as { atMs: number } | undefined)
        ?.atMs;
    if (known(`key/${key}`) !== undefined) return false;
    this.#tell(`key/${key}`, atMs, null);
    if (thing === null) return true;
    if ((known(`thing/${thing}`) ?? -1) > atMs) return false;
    this.#tell(`thing/${thing}`, atMs, null);
    return true;
  }

  change(change: Change): void {
    switch (change.thing) {
      case 'facts':
        this.#facts = change.value;
        this.#put('facts', '', change.value);
        return;
      case 'person':
        this.#putPerson(change.value);
        return;
      case 'told':
        this.#tell(`person/${change.id}`, change.atMs, JSON.stringify(change.value));
        return;
      case 'poll':
      case 'breakouts':
      case 'lobby': {
        const map = this.#things[change.thing] as Map<string, unknown>;
        if (change.value === null) map.delete(change.id);
        else map.set(change.id, change.value);
        this.#put(change.thing, change.id, change.value);
      }
    }
  }

  /** Forgets what is of no use any more. */
  tidy(nowMs: number): void {
    this.#sql.exec('delete from told where at_ms < ?', nowMs - TOLD_KEPT_MS);
    this.#sql.exec('delete from people where here = 0 and seen_at_ms < ?', nowMs - PEOPLE_KEPT_MS);
    const { endedAtMs } = this.#facts;
    if (endedAtMs !== null && endedAtMs < nowMs - TOLD_KEPT_MS)
      this.change({ thing: 'facts', value: { ...this.#facts, endedAtMs: null } });
    for (const [id, { atMs }] of this.#things.lobby)
      if (atMs < nowMs - LOBBY_KEPT_MS) this.change({ thing: 'lobby', id, value: null });
  }

  /** Whether nobody is remembered. */
  get isEmpty(): boolean {
    const query = 'select 1 as one from people union all select 1 as one from told limit 1';
    return rowOf(this.#sql, query) === undefined;
  }

  /** Whether nothing would be missed if what is known of the room were forgotten. */
  get isForgettable(): boolean {
    const isUntold = JSON.stringify(this.#facts) === JSON.stringify(NO_FACTS);
    return isUntold && Object.values(this.#things).every((map) => map.size === 0);
  }

  #putPerson(person: Person): void {
    const { identity, seenAtMs } = person;
    const here = isHere(person);
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

  #tell(id: string, atMs: number, value: string | null): void {
    this.#sql.exec('insert or replace into told (id, at_ms, value) values (?, ?, ?)', id, atMs, value);
  }
}
