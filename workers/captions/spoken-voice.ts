import { Room, RoomEvent } from '@livekit/rtc-node';
import { SpeakingQueue, type SkipReason } from './speaking-queue.ts';
import { SpokenTrack } from './spoken-track.ts';

/** The languages to speak, and the media token of the participant that speaks them. */
export interface SpokenPlan {
  languages: readonly string[];
  token: string;
}

/** The people who listen to a language, by their identity. */
export interface Listeners {
  language: string;
  identities: readonly string[];
}

export interface VoiceHooks {
  now(): number;
  /** The sound of a text, as it comes. @throws Error when there is none */
  synthesize(language: string, text: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
  onSkipped(language: string, reason: SkipReason): void;
}

interface Channel {
  track: SpokenTrack;
  queue: SpeakingQueue;
}

/**
 * The participant that speaks translations: a track for each language, only for people who asked to listen to it.
 * So neither recorders nor agents, telephones or other programs receive it.
 */
export class SpokenVoice {
  readonly #url: string;
  readonly #hooks: VoiceHooks;
  readonly #channels = new Map<string, Channel>();
  #room: Room | null = null;
  #listeners: readonly Listeners[] = [];
  #work = Promise.resolve();

  /** @param url of the media server */
  constructor(url: string, hooks: VoiceHooks) {
    this.#url = url;
    this.#hooks = hooks;
  }

  /** The languages to speak from now on; null for none. Also connects again after the connection was lost. */
  want(plan: SpokenPlan | null): void {
    this.#work = this.#work
      .then(() => this.#apply(plan))
      .catch((error: unknown) => console.error(`translations are not spoken: ${String(error)}`));
  }

  /** The people who listen now. A language without listeners falls silent at once. */
  listen(listeners: readonly Listeners[]): void {
    this.#listeners = listeners;
    for (const [language, { queue }] of this.#channels) if (!this.#hasListeners(language)) queue.clear();
    this.#permit();
  }

  /** The languages that have listeners, and a track. */
  get listenedTo(): string[] {
    return [...this.#channels.keys()].filter((language) => this.#hasListeners(language));
  }

  /** Speaks a text whose words were finished at a moment, unless nothing of it is wanted any more. */
  speak(language: string, text: string, saidAtMs: number): void {
    if (this.#hasListeners(language)) this.#channels.get(language)?.queue.add({ text, saidAtMs });
  }

  async close(): Promise<void> {
    this.want(null);
    await this.#work;
  }

  #hasListeners(language: string): boolean {
    return this.#listeners.some((each) => each.language === language && each.identities.length > 0);
  }

  async #apply(plan: SpokenPlan | null): Promise<void> {
    if (!plan) return this.#leave();
    const { languages, token } = plan;
    for (const [language, channel] of this.#channels)
      if (!languages.includes(language)) await this.#closeChannel(language, channel);
    const room = this.#room ?? (await this.#join(token));
    for (const language of languages)
      if (!this.#channels.has(language)) await this.#openChannel(room, language);
    this.#permit();
  }

  async #join(token: string): Promise<Room> {
    const room = new Room();
    room.on(RoomEvent.Disconnected, () => this.#lose(room)).on(RoomEvent.Reconnected, () => this.#permit());
    await room.connect(this.#url, token, { autoSubscribe: false, dynacast: false });
    this.#room = room;
    this.#permit(); // before there is a track: at first no participant may have it
    return room;
  }

  async #openChannel(room: Room, language: string): Promise<void> {
    const { now, synthesize, onSkipped } = this.#hooks;
    const track = await SpokenTrack.publish(room, language);
    if (this.#room !== room) return; // the connection was lost meanwhile
    const queue = new SpeakingQueue({
      now,
      speak: async (text, signal) => track.play(await synthesize(language, text, signal), signal),
      onSkipped: (reason) => onSkipped(language, reason),
    });
    this.#channels.set(language, { track, queue });
  }

  async #closeChannel(language: string, { track, queue }: Channel): Promise<void> {
    this.#channels.delete(language);
    queue.clear();
    await track.unpublish();
  }

  async #leave(): Promise<void> {
    const room = this.#room;
    if (room) this.#lose(room);
    await room?.disconnect();
  }

  /** The connection is gone, and its tracks with it. The next plan opens another one. */
  #lose(room: Room): void {
    if (this.#room !== room) return;
    this.#room = null;
    for (const { queue } of this.#channels.values()) queue.clear();
    this.#channels.clear();
  }

  /**
   * Says to the media server who may receive which track. The library does not; its native part does.
   * @throws Error when it cannot be said: then nothing is published
   */
  #permit(): void {
    const participant = this.#room?.localParticipant;
    if (!participant) return;
    const permissions = this.#listeners.flatMap(({ language, identities }) => {
      const sid = this.#channels.get(language)?.track.sid;
      return sid === undefined
        ? []
        : identities.map((participantIdentity) => ({ participantIdentity, allowedTrackSids: [sid] }));
    });
    const native = globalThis._ffiClientInstance;
    if (!native) throw new Error('the media client is not there');
    native.request({
      message: {
        case: 'setTrackSubscriptionPermissions',
        value: {
          localParticipantHandle: participant.ffi_handle.handle,
          allParticipantsAllowed: false,
          permissions,
        },
      },
    });
  }
}
