import { type LocalTrackPublication, type Room, Track, type TrackPublication } from 'livekit-client';
import { type Encoding, followVideo, type Recommendation } from './encodings.ts';
import { type MeasuredTrack, Measurer, type StatEntries } from './measure.ts';

const MEASURE_MS = 5_000;
const SOURCES: Partial<Record<Track.Source, MeasuredTrack['source']>> = {
  [Track.Source.Microphone]: 'microphone',
  [Track.Source.Camera]: 'camera',
  [Track.Source.ScreenShare]: 'screen_share',
  [Track.Source.ScreenShareAudio]: 'screen_share_audio',
};

type Send = (frame: Record<string, unknown>) => string | null;

/** Reports how good the call is, and sends as the API recommends for it. */
export class QualityReporter {
  readonly #room: Room;
  readonly #callId: string;
  readonly #send: Send;
  readonly #measurer = new Measurer();
  readonly #connection = crypto.randomUUID();
  #sequence = 0;
  /** The encodings of a camera track before the first recommendation, to which layers and sizes refer. */
  readonly #published = new WeakMap<RTCRtpSender, readonly Encoding[]>();
  readonly #timer: ReturnType<typeof setInterval>;

  /** @param runAsync runs work whose failure is shown */
  constructor(room: Room, callId: string, send: Send, runAsync: (work: () => Promise<void>) => void) {
    this.#room = room;
    this.#callId = callId;
    this.#send = send;
    this.#timer = setInterval(() => runAsync(() => this.#report()), MEASURE_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #report(): Promise<void> {
    const { localParticipant, remoteParticipants } = this.#room;
    const own = [...localParticipant.trackPublications.values()].map((each) =>
      this.#readTrack(each, undefined),
    );
    const others = [...remoteParticipants.values()].flatMap(({ identity, trackPublications }) =>
      [...trackPublications.values()].map((each) => this.#readTrack(each, identity)),
    );
    const tracks = (await Promise.all([...own, ...others])).filter((track) => track !== undefined);
    const sample = this.#measurer.measure(tracks, Date.now());
    if (!sample) return;
    // A batch that cannot be sent is not repeated: the next one says how the call is then.
    this.#send({
      type: 'quality.samples',
      callId: this.#callId,
      connection: this.#connection,
      sequence: this.#sequence++,
      sentAt: new Date().toISOString(),
      samples: [sample],
    });
  }

  async #readTrack(
    { track, trackSid, source, isMuted }: TrackPublication,
    publisherIdentity: string | undefined,
  ): Promise<MeasuredTrack | undefined> {
    const report = await track?.getRTCStatsReport();
    if (!track || !report) return undefined;
    const entries: StatEntries = [...report.values()];
    const kind = track.kind === Track.Kind.Audio ? 'audio' : 'video';
    return {
      id: trackSid,
      kind,
      source: SOURCES[source] ?? 'unknown',
      publisherIdentity,
      muted: isMuted,
      entries,
    };
  }

  /** Sends as recommended, as far as it can, and says what of it. */
  async follow({ recommendationId, audio, video }: Recommendation): Promise<void> {
    const { localParticipant, options } = this.#room;
    const publications = [...localParticipant.trackPublications.values()];
    const microphone = publications.find(({ source }) => source === Track.Source.Microphone);
    const camera = publications.find(({ source }) => source === Track.Source.Camera);
    // Tracks that are published later follow from the start.
    const { publishDefaults } = options;
    if (publishDefaults) {
      publishDefaults.dtx = audio.dtx;
      publishDefaults.red = audio.red;
      if (video && video.codec !== 'h264') publishDefaults.videoCodec = video.codec;
    }
    const skipped: string[] = microphone ? ['dtx', 'red'] : [];
    if (!(await this.#setAudio(microphone, audio.maxBps))) skipped.push('audio');
    if (!(await this.#setVideo(camera, video))) skipped.push('video');
    else if (camera && video) skipped.push('codec');
    const isIgnored = skipped.includes('audio') && skipped.includes('video');
    const outcome = isIgnored ? 'ignored' : skipped.length === 0 ? 'followed' : 'partly';
    this.#send({ type: 'media.followed', recommendationId, outcome, skipped });
  }

  /** @returns whether it is sent so; also true of what is not sent */
  async #setAudio(publication: LocalTrackPublication | undefined, maxBitrate: number): Promise<boolean> {
    const sender = publication?.audioTrack?.sender;
    return (
      !sender || changeEncodings(sender, (encodings) => encodings.map((each) => ({ ...each, maxBitrate })))
    );
  }

  async #setVideo(
    publication: LocalTrackPublication | undefined,
    video: Recommendation['video'],
  ): Promise<boolean> {
    const track = publication?.videoTrack;
    const sender = track?.sender;
    const sourceHeight = track?.mediaStreamTrack.getSettings().height;
    if (!sender || sourceHeight === undefined) return !sender;
    const published =
      this.#published.get(sender) ?? sender.getParameters().encodings.map((each) => ({ ...each }));
    this.#published.set(sender, published);
    return changeEncodings(sender, (encodings) =>
      followVideo(
        encodings.map((each, index) => ({
          ...each,
          scaleResolutionDownBy: published[index]?.scaleResolutionDownBy ?? 1,
        })),
        video,
        sourceHeight,
      ),
    );
  }
}

/** @returns false when the browser refuses, for example in the middle of a negotiation */
async function changeEncodings(
  sender: RTCRtpSender,
  change: (encodings: RTCRtpEncodingParameters[]) => RTCRtpEncodingParameters[],
): Promise<boolean> {
  try {
    const parameters = sender.getParameters();
    parameters.encodings = change(parameters.encodings);
    await sender.setParameters(parameters);
    return true;
  } catch (error) {
    if (error instanceof DOMException) return false;
    throw error;
  }
}
