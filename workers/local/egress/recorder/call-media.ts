import {
  AudioStream,
  ParticipantKind,
  type RemoteParticipant,
  type RemoteTrack,
  type RemoteTrackPublication,
  Room,
  RoomEvent,
  TrackKind,
  TrackSource,
  VideoBufferType,
  VideoStream,
} from '@livekit/rtc-node';
import { AudioMixer, CHANNELS, SAMPLE_RATE } from './audio-mixer.ts';
import type { Picture, Tile } from './canvas.ts';
import type { Plan } from './plan.ts';

/** A value of `VideoQuality`, which the library does not export. */
const HIGH_QUALITY = 2 as never;
const isScreen = (source: TrackSource | undefined) =>
  source === TrackSource.SOURCE_SCREENSHARE || source === TrackSource.SOURCE_SCREENSHARE_AUDIO;

interface Shown {
  identity: string;
  isScreen: boolean;
  picture: Picture | null;
}

/** The media of a call, as a hidden participant receives it. */
export class CallMedia {
  readonly mixer = new AudioMixer();
  layout: string;
  /** Kind of the first track that was subscribed. */
  firstKind: 'audio' | 'video' | undefined;
  /** Called with each sound and picture that comes. */
  onFirstMedia: () => void = () => undefined;
  /** Called when nothing is left to be recorded. */
  onGone: () => void = () => undefined;
  readonly #room = new Room();
  readonly #plan: Plan;
  readonly #shown = new Map<string, Shown>();
  readonly #tracks = new Set<string>();
  #speaker = '';

  constructor(plan: Plan) {
    this.#plan = plan;
    this.layout = plan.layout;
    this.#room
      .on(RoomEvent.TrackPublished, (publication, participant) => this.#subscribe(publication, participant))
      .on(RoomEvent.TrackSubscribed, (track, publication, participant) =>
        this.#receive(track, publication, participant),
      )
      .on(RoomEvent.TrackUnsubscribed, (_track, { sid = '' }) => this.#lose(sid))
      .on(RoomEvent.TrackMuted, ({ sid = '' }) => this.#hide(sid))
      .on(RoomEvent.ParticipantDisconnected, ({ identity }) => {
        if (identity === plan.identity) this.onGone();
      })
      .on(RoomEvent.ActiveSpeakersChanged, ([loudest]) => {
        if (loudest) this.#speaker = loudest.identity;
      })
      .on(RoomEvent.ParticipantMetadataChanged, (_before, participant) => {
        if (participant.identity === this.#room.localParticipant?.identity)
          this.#readLayout(participant.metadata);
      })
      .on(RoomEvent.Disconnected, () => this.onGone());
  }

  async join(): Promise<void> {
    await this.#room.connect(this.#plan.url, this.#plan.token, { autoSubscribe: false, dynacast: false });
    this.subscribe();
  }

  /** Requests all wanted media; requesting media again that arrive already changes nothing. */
  subscribe(): void {
    for (const participant of this.#room.remoteParticipants.values())
      for (const publication of participant.trackPublications.values())
        this.#subscribe(publication, participant);
  }

  leave(): Promise<void> {
    return this.#room.disconnect();
  }

  /** Pictures that are shown now: a screen, or the speaking person, comes first in the layout for speakers. */
  tiles(): Tile[] {
    const shown = [...this.#shown].map(([id, tile]) => ({ id, ...tile }));
    if (!this.#plan.identity && this.#plan.trackIds.length === 0)
      for (const { identity, info } of this.#room.remoteParticipants.values())
        if (info?.kind !== ParticipantKind.AGENT && !shown.some((tile) => tile.identity === identity))
          shown.push({ id: identity, identity, isScreen: false, picture: null });
    const isSingle = this.layout.startsWith('single-speaker');
    if (!isSingle && !this.layout.startsWith('speaker')) return shown;
    const rank = (tile: Shown) => (tile.isScreen ? 2 : tile.identity === this.#speaker ? 1 : 0);
    return shown.toSorted((left, right) => rank(right) - rank(left)).slice(0, isSingle ? 1 : shown.length);
  }

  #readLayout(metadata: string | undefined): void {
    const { layout } = JSON.parse(metadata || '{}') as { layout?: string };
    if (layout) this.layout = layout;
  }

  #isWanted({ sid = '', kind, source }: RemoteTrackPublication, { identity }: RemoteParticipant): boolean {
    const { audio, video, trackIds, screenShare } = this.#plan;
    if (!(kind === TrackKind.KIND_AUDIO ? audio : video)) return false;
    if (trackIds.length > 0) return trackIds.includes(sid);
    if (!this.#plan.identity) return true;
    return identity === this.#plan.identity && isScreen(source) === screenShare;
  }

  #subscribe(publication: RemoteTrackPublication, participant: RemoteParticipant): void {
    if (this.#isWanted(publication, participant)) publication.setSubscribed(true);
  }

  #receive(track: RemoteTrack, publication: RemoteTrackPublication, { identity }: RemoteParticipant): void {
    const sid = publication.sid ?? '';
    const isAudio = publication.kind === TrackKind.KIND_AUDIO;
    this.#tracks.add(sid);
    this.firstKind ??= isAudio ? 'audio' : 'video';
    if (isAudio) {
      this.mixer.add(sid);
      this.#runUntilGone(this.#receiveSound(track, sid), sid);
      return;
    }
    askForHighQuality(publication);
    this.#shown.set(sid, { identity, isScreen: isScreen(publication.source), picture: null });
    this.#runUntilGone(this.#receivePictures(track, sid), sid);
  }

  /** A track that ends refuses to be read before its event arrives. */
  #runUntilGone(reading: Promise<void>, sid: string): void {
    reading.catch((error: unknown) => console.error(`track ${sid} ended: ${String(error)}`));
  }

  async #receiveSound(track: RemoteTrack, sid: string): Promise<void> {
    for await (const { data } of new AudioStream(track, SAMPLE_RATE, CHANNELS)) {
      this.mixer.push(sid, data);
      this.onFirstMedia();
    }
  }

  async #receivePictures(track: RemoteTrack, sid: string): Promise<void> {
    for await (const { frame } of new VideoStream(track)) {
      const shown = this.#shown.get(sid);
      if (!shown) return;
      const { data, width, height } =
        frame.type === VideoBufferType.I420 ? frame : frame.convert(VideoBufferType.I420);
      shown.picture = { data, width, height };
      this.onFirstMedia();
    }
  }

  #hide(sid: string): void {
    const shown = this.#shown.get(sid);
    if (shown) shown.picture = null;
  }

  #lose(sid: string): void {
    this.mixer.remove(sid);
    this.#shown.delete(sid);
    this.#tracks.delete(sid);
    if (this.#plan.trackIds.length > 0 && this.#tracks.size === 0) this.onGone();
  }
}

/** Chooses one of the qualities of a camera; the library has no call for it, its native part has. */
function askForHighQuality(publication: RemoteTrackPublication): void {
  const value = { trackPublicationHandle: publication.ffiHandle.handle, quality: HIGH_QUALITY };
  globalThis._ffiClientInstance?.request({ message: { case: 'setRemoteTrackPublicationQuality', value } });
}
