import {
  ConnectionState,
  DisconnectReason,
  LogLevel,
  type Participant,
  Room,
  RoomEvent,
  setLogLevel,
  Track,
} from 'livekit-client';
import type { Admission } from './api.ts';
import type { Recommendation } from './quality/encodings.ts';
import { SpokenSound } from './captions/spoken-sound.ts';
import { QualityReporter } from './quality/reporter.ts';
import { type DeviceChoice, NO_DEVICES } from './devices.ts';
import { byId, setHidden } from './dom.ts';
import { describeDeviceError } from './texts.ts';

// The page shows problems itself; the client would also log to the visitor's console, for example that a host removed them.
setLogLevel(LogLevel.silent);

export type MediaEnd = 'removed' | 'ended' | 'replaced' | 'lost';

export interface MediaHooks {
  /** Participants or their tracks have changed. */
  handleChange(): void;
  handleSpeakers(identities: ReadonlySet<string>): void;
  showNote(text: string): void;
  handleEnd(end: MediaEnd): void;
}

const END_BY_REASON = new Map<DisconnectReason | undefined, MediaEnd>([
  [DisconnectReason.PARTICIPANT_REMOVED, 'removed'],
  [DisconnectReason.ROOM_DELETED, 'ended'],
  [DisconnectReason.ROOM_CLOSED, 'ended'],
  [DisconnectReason.DUPLICATE_IDENTITY, 'replaced'],
]);

const CHANGE_EVENTS = [
  RoomEvent.ParticipantConnected,
  RoomEvent.ParticipantDisconnected,
  RoomEvent.TrackPublished,
  RoomEvent.TrackSubscribed,
  RoomEvent.TrackUnsubscribed,
  RoomEvent.TrackMuted,
  RoomEvent.TrackUnmuted,
  RoomEvent.LocalTrackPublished,
  RoomEvent.LocalTrackUnpublished,
  RoomEvent.ParticipantPermissionsChanged,
  RoomEvent.ParticipantNameChanged,
  RoomEvent.ConnectionQualityChanged,
] as const;

/** Audio and video of a call. */
export class Media {
  readonly room = new Room({ adaptiveStream: true, dynacast: true });
  /** The voice of translations. */
  readonly spoken = new SpokenSound(this.room);
  readonly #hooks: MediaHooks;
  #hasLeft = false;
  #reporter: QualityReporter | undefined;
  #choice: DeviceChoice = NO_DEVICES;

  constructor(hooks: MediaHooks) {
    this.#hooks = hooks;
    this.#attachListeners();
  }

  /** Connects and publishes the chosen devices. @throws Error when the media server cannot be reached */
  async connect({ url, token }: Admission, choice: DeviceChoice): Promise<void> {
    this.#choice = choice;
    const { cameraId, microphoneId } = choice;
    await this.room.connect(url, token);
    const { localParticipant: self } = this.room;
    const device = (id: string) => ({ deviceId: id || undefined });
    if (microphoneId !== null)
      await this.#runDeviceAction('microphone', () => self.setMicrophoneEnabled(true, device(microphoneId)));
    if (cameraId !== null)
      await this.#runDeviceAction('camera', () => self.setCameraEnabled(true, device(cameraId)));
    this.#updateSoundButton();
    this.#noteChoice();
  }

  get connected(): boolean {
    return this.room.state === ConnectionState.Connected;
  }

  /** The tracks of the participant, to be published again elsewhere, even after the connection has ended. */
  get choice(): DeviceChoice {
    return this.#choice;
  }

  /** Not whenever a track ends: at the end of a connection all of them do, without a choice of the participant. */
  #noteChoice(): void {
    if (!this.connected) return;
    const { localParticipant: self } = this.room;
    const id = (on: boolean, kind: MediaDeviceKind) => (on ? (this.room.getActiveDevice(kind) ?? '') : null);
    this.#choice = {
      cameraId: id(self.isCameraEnabled, 'videoinput'),
      microphoneId: id(self.isMicrophoneEnabled, 'audioinput'),
    };
  }

  get mayPublish(): boolean {
    return this.room.localParticipant.permissions?.canPublish !== false;
  }

  async toggle(source: 'microphone' | 'camera' | 'screen'): Promise<void> {
    const { localParticipant: self } = this.room;
    await this.#runDeviceAction(source, () => {
      if (source === 'microphone') return self.setMicrophoneEnabled(!self.isMicrophoneEnabled);
      if (source === 'camera') return self.setCameraEnabled(!self.isCameraEnabled);
      return self.setScreenShareEnabled(!self.isScreenShareEnabled, { audio: true });
    });
    this.#noteChoice();
  }

  /** Names of everybody with a media connection, by identity. */
  get names(): ReadonlyMap<string, string> {
    const all = [this.room.localParticipant, ...this.room.remoteParticipants.values()];
    return new Map(all.map(({ identity, name }) => [identity, name || identity]));
  }

  /** Uses another device from now on. */
  async switchDevice(kind: MediaDeviceKind, deviceId: string): Promise<void> {
    const what = { videoinput: 'camera', audioinput: 'microphone', audiooutput: 'speaker' }[kind];
    await this.#runDeviceAction(what, () => this.room.switchActiveDevice(kind, deviceId));
    this.#noteChoice();
  }

  activeDevice(kind: MediaDeviceKind): string | undefined {
    return this.room.getActiveDevice(kind);
  }

  /** Reports the quality of this call from now on. */
  startReports(
    callId: string,
    send: (frame: Record<string, unknown>) => string | null,
    runAsync: (work: () => Promise<void>) => void,
  ): void {
    this.#reporter = new QualityReporter(this.room, callId, send, runAsync);
  }

  async follow(recommendation: Recommendation): Promise<void> {
    await this.#reporter?.follow(recommendation);
  }

  /** Starts audio that the browser holds back until the user asks for it. */
  async startSound(): Promise<void> {
    await this.room.startAudio();
  }

  async leave(): Promise<void> {
    this.#hasLeft = true;
    this.#reporter?.stop();
    await this.room.disconnect();
    byId('audio', HTMLElement).replaceChildren();
  }

  async #runDeviceAction(what: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      // Closing the browser's own screen picker is not an error.
      const dismissed =
        what === 'screen' && error instanceof DOMException && error.name === 'NotAllowedError';
      if (!dismissed) this.#hooks.showNote(describeDeviceError(error, what));
    }
    this.#hooks.handleChange();
  }

  #updateSoundButton = (): void => setHidden(byId('sound-on', HTMLElement), this.room.canPlaybackAudio);

  #attachListeners(): void {
    const { room } = this;
    for (const event of [RoomEvent.TrackMuted, RoomEvent.TrackUnmuted] as const)
      room.on(event, (_, { isLocal }) => {
        if (isLocal) this.#noteChoice();
      });
    for (const event of CHANGE_EVENTS) room.on(event, () => this.#hooks.handleChange());
    room.on(RoomEvent.TrackSubscribed, (track) => {
      if (track.kind === Track.Kind.Audio) byId('audio', HTMLElement).append(track.attach());
    });
    room.on(RoomEvent.TrackUnsubscribed, (track) => {
      if (track.kind === Track.Kind.Audio) track.detach().forEach((element) => element.remove());
    });
    room.on(RoomEvent.ActiveSpeakersChanged, (speakers: Participant[]) =>
      this.#hooks.handleSpeakers(new Set(speakers.map(({ identity }) => identity))),
    );
    room.on(RoomEvent.AudioPlaybackStatusChanged, this.#updateSoundButton);
    room.on(RoomEvent.Reconnecting, () => this.#hooks.showNote('The connection was lost. Reconnecting…'));
    room.on(RoomEvent.Reconnected, () => this.#hooks.showNote('Reconnected.'));
    room.on(RoomEvent.Disconnected, (reason) => {
      if (!this.#hasLeft) this.#hooks.handleEnd(END_BY_REASON.get(reason) ?? 'lost');
    });
  }
}
