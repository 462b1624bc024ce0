import {
  AudioStream,
  type RemoteParticipant,
  type RemoteTrack,
  type RemoteTrackPublication,
  Room,
  RoomEvent,
} from '@livekit/rtc-node';
import type { CallPlan } from './call-plan.ts';
import { CallTranslations } from './call-translations.ts';
import { GAP_TEXT, Reports } from './reports.ts';
import { RoomSocket } from './room-socket.ts';
import type { SpeakerEvent } from './segments.ts';
import { SAMPLE_RATE } from './sound.rules.ts';
import { Speaker } from './speaker.ts';
import { createOpenStream, type SpeechProvider } from './speech-stream.ts';
import { isSpeechTrack } from './speech-track.rules.ts';

const TICK_MS = 200;
const REPORT_MS = 2_000;

interface Listener {
  identity: string;
  speaker: Speaker;
}

/** The captions of one call, as a participant of it that receives and says nothing. */
export class CaptionedCall {
  #plan: CallPlan;
  readonly #providers: readonly SpeechProvider[];
  readonly #livekit = new Room();
  readonly #socket: RoomSocket;
  readonly #reports: Reports;
  readonly #listeners = new Map<string, Listener>();
  readonly #run: string;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #translations: CallTranslations;
  #position: number;
  #speakers = 0;

  /** @param providers where speech is written down, the first one first */
  constructor(
    plan: CallPlan,
    providers: readonly Omit<SpeechProvider, 'group'>[],
    run: string,
    onOver: () => void,
  ) {
    this.#plan = plan;
    this.#providers = providers.map((each) => ({ ...each, group: plan.organizationId }));
    this.#run = run;
    this.#position = plan.nextPosition;
    this.#translations = new CallTranslations(plan, this.#providers[0]!, {
      socket: () => this.#socket,
      reports: () => this.#reports,
    });
    this.#socket = new RoomSocket(plan.room, (languages, listeners) =>
      this.#translations.ask(languages, listeners),
    );
    this.#reports = new Reports(plan.report, run, onOver);
    this.#livekit
      .on(RoomEvent.TrackPublished, (publication, { identity }) => this.#subscribe(publication, identity))
      .on(RoomEvent.TrackSubscribed, (track, publication, participant) =>
        this.#listen(track, publication, participant),
      )
      .on(RoomEvent.TrackUnsubscribed, (_track, publication) => this.#lose(publication))
      .on(RoomEvent.Disconnected, onOver);
  }

  async join(): Promise<void> {
    const { url, token } = this.#plan.livekit;
    await this.#livekit.connect(url, token, { autoSubscribe: false, dynacast: false });
    for (const { trackPublications, identity } of this.#livekit.remoteParticipants.values())
      for (const publication of trackPublications.values()) this.#subscribe(publication, identity);
    this.#translations.begin();
    this.#timers.push(
      setInterval(() => this.#listeners.forEach(({ speaker }) => speaker.tick()), TICK_MS),
      setInterval(() => void this.#reports.flush(), REPORT_MS),
    );
  }

  /** The same call once more: with newer credentials, and the languages that are wanted now. */
  renew(plan: CallPlan): void {
    this.#plan = { ...plan, callStartedAtMs: this.#plan.callStartedAtMs };
    this.#socket.renew(plan.room);
    this.#reports.renew(plan.report);
    this.#translations.renew(plan);
  }

  async leave(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    for (const { speaker } of this.#listeners.values()) speaker.close();
    this.#listeners.clear();
    const silent = this.#translations.close();
    await Promise.race([
      this.#reports.flush(),
      new Promise((resolve) => {
        setTimeout(resolve, REPORT_MS);
      }),
    ]);
    this.#reports.end();
    this.#socket.close();
    await Promise.all([silent, this.#livekit.disconnect()]);
  }

  #subscribe(publication: RemoteTrackPublication, identity: string): void {
    if (isSpeechTrack(publication, identity)) publication.setSubscribed(true);
  }

  #listen(track: RemoteTrack, { sid = '' }: RemoteTrackPublication, { identity }: RemoteParticipant): void {
    const speaker = new Speaker({
      streams: this.#providers.map(createOpenStream),
      language: this.#plan.language,
      prefix: `${this.#run}-${this.#speakers++}-`,
      now: () => performance.now(),
      onEvent: (event) => this.#show(identity, event),
      onSent: (sentMs) => this.#reports.count({ sentMs }),
    });
    this.#listeners.set(sid, { identity, speaker });
    this.#receive(track, speaker).catch((error: unknown) =>
      console.error(`track ${sid} ended: ${String(error)}`),
    );
  }

  async #receive(track: RemoteTrack, speaker: Speaker): Promise<void> {
    for await (const { data } of new AudioStream(track, SAMPLE_RATE, 1)) {
      const atMs = Date.now() - this.#plan.callStartedAtMs - data.length / 16;
      speaker.push(data, Math.max(0, atMs));
    }
  }

  #lose({ sid = '' }: RemoteTrackPublication): void {
    const listener = this.#listeners.get(sid);
    if (!listener) return;
    listener.speaker.finish();
    // The last sentence comes a little later.
    setTimeout(() => {
      listener.speaker.close();
      this.#listeners.delete(sid);
    }, 5_000);
  }

  #show(identity: string, event: SpeakerEvent): void {
    const isGap = event.type === 'gap';
    const text = isGap ? GAP_TEXT : event.text.slice(0, 2_000);
    const { segmentId, startMs, endMs } = event;
    const language = isGap ? 'und' : event.language;
    const times = { startMs: Math.round(startMs), endMs: Math.round(endMs) };
    const shown = { segmentId, speaker: identity, language, text, ...times };
    const version = isGap ? 1_000_000 : event.version;
    this.#socket.send({ ...shown, version, final: event.type !== 'partial' });
    if (event.type === 'partial') return;
    const words = isGap ? [] : event.words;
    this.#reports.add({
      position: this.#position++,
      speaker: identity,
      language,
      text,
      ...times,
      isGap,
      words,
    });
    if (!isGap) this.#translations.add(shown);
  }
}
