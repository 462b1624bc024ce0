import type {
  RoomCursor,
  HiddenEvent,
  PersonView,
  RoomEvent,
  RoomServerFrame,
  StateView,
} from '../../src/realtime/protocol/index.ts';

/** The state of a room that a client builds from the protocol alone. */
export class RoomReplica {
  cursor: RoomCursor | null = null;
  /** Every event, in the order of arrival. */
  readonly events: (RoomEvent | HiddenEvent)[] = [];
  readonly gaps: { from: number; to: number }[] = [];
  readonly roster = new Map<string, PersonView>();
  state: StateView | undefined;
  /** Violations of the rule that each event arrives once and in order, or is reported in a gap. */
  readonly violations: string[] = [];

  receive(text: string): void {
    const frame = JSON.parse(text) as RoomServerFrame;
    if (frame.type === 'welcome') this.#applyWelcome(frame);
    else if (frame.type === 'gap') this.gaps.push({ from: frame.from, to: frame.to });
    else if (frame.type === 'resumed') {
      if (frame.from !== this.cursor!.seq + 1) this.violations.push(`resumed from ${frame.from}`);
    } else if ('seq' in frame && 'at' in frame) this.#applyInOrder(frame);
  }

  #applyWelcome({ cursor, roster, state }: Extract<RoomServerFrame, { type: 'welcome' }>): void {
    if (this.cursor && this.cursor.epoch === cursor.epoch && this.#isUnexplained(cursor.seq))
      this.violations.push(`welcome at ${cursor.seq} after ${this.cursor.seq} without a gap`);
    this.cursor = cursor;
    this.roster.clear();
    for (const person of roster) this.roster.set(person.identity, person);
    this.state = structuredClone(state);
  }

  #isUnexplained(seq: number): boolean {
    const last = this.gaps.at(-1);
    return seq !== this.cursor!.seq && !(last && last.from === this.cursor!.seq + 1 && last.to === seq);
  }

  #applyInOrder(event: RoomEvent | HiddenEvent): void {
    if (event.seq !== this.cursor!.seq + 1) this.violations.push(`${event.seq} after ${this.cursor!.seq}`);
    this.cursor = { ...this.cursor!, seq: event.seq };
    this.events.push(event);
    this.#applyEvent(event);
  }

  #changePerson(identity: string, change: Partial<PersonView>): void {
    const person = this.roster.get(identity);
    if (person) this.roster.set(identity, { ...person, ...change });
  }

  #applyEvent(event: RoomEvent | HiddenEvent): void {
    const state = this.state!;
    switch (event.type) {
      case 'presence.joined':
        this.roster.set(event.person.identity, event.person);
        return;
      case 'presence.updated':
        return this.#changePerson(event.identity, { status: event.status });
      case 'presence.left':
      case 'participant.removed':
        this.roster.delete(event.identity);
        return;
      case 'participant.role':
        return this.#changePerson(event.identity, { role: event.role });
      case 'hand.raised':
        return this.#changePerson(event.identity, { handRaisedAt: event.at });
      case 'hand.lowered':
        for (const identity of event.identity === null ? this.roster.keys() : [event.identity])
          this.#changePerson(identity, { handRaisedAt: null });
        return;
      case 'spotlight.changed':
        state.spotlight = event.identity;
        return;
      case 'room.locked':
        state.locked = event.locked;
        return;
      case 'room.updated':
        state.name = event.name;
        state.features = event.features;
        return;
      case 'room.ended':
        this.roster.clear();
        Object.assign(state, { call: null, spotlight: null, recordingConsents: [] });
        return;
      case 'recording.running':
        state.recordings = [
          ...state.recordings.filter(({ recordingId }) => recordingId !== event.recording.recordingId),
          event.recording,
        ];
        return;
      case 'recording.over':
        state.recordings = state.recordings.filter(({ recordingId }) => recordingId !== event.recordingId);
        return;
      case 'recording.consent_changed':
        state.recordingConsents = [
          ...state.recordingConsents.filter(({ identity }) => identity !== event.consent.identity),
          event.consent,
        ];
        return;
      case 'captions.running':
        state.captions = event.captions;
        return;
      case 'captions.over':
        state.captions = null;
        return;
      case 'stream.running':
        state.streams = [
          ...state.streams.filter(({ streamId }) => streamId !== event.stream.streamId),
          event.stream,
        ];
        return;
      case 'stream.over':
        state.streams = state.streams.filter(({ streamId }) => streamId !== event.streamId);
        return;
      case 'call.started':
        state.call = { callId: event.callId, startedAt: event.startedAt };
        return;
      case 'call.ended':
        if (state.call?.callId === event.callId) Object.assign(state, { call: null, recordingConsents: [] });
        return;
      case 'poll.opened':
      case 'poll.updated':
      case 'poll.closed':
        state.polls = [...state.polls.filter(({ pollId }) => pollId !== event.poll.pollId), event.poll];
        return;
      case 'breakouts.opened':
      case 'breakouts.updated':
        state.breakouts = [event.breakouts];
        return;
      case 'breakouts.closed':
        state.breakouts = [];
        return;
      case 'chat.message':
      case 'chat.edited':
      case 'chat.deleted':
      case 'chat.reaction':
      case 'caption.final':
      case 'hidden':
    }
  }

  /** Roster and state in a form that can be compared. */
  view(): unknown {
    const { polls = [], ...state } = this.state ?? {};
    return {
      roster: [...this.roster.values()].sort((a, b) => (a.identity < b.identity ? -1 : 1)),
      state: { ...state, polls: polls.map(({ pollId, status }) => `${pollId} ${status}`).sort() },
    };
  }
}
