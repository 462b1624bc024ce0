/** An address that is sent to, `rtmp://…` or `srt://…`, and its number among those of the stream. */
export interface Target {
  id: number;
  url: string;
}

/** A folder for HLS segments, the first part of their names, and their length. */
export interface SegmentPlan {
  folder: string;
  name: string;
  seconds: number;
}

/** The request of the egress worker to a recorder: one line of JSON on its standard input. */
export interface Plan {
  /** Where LiveKit is, `ws://…`, and a token of a hidden participant. */
  url: string;
  token: string;
  /** `grid` or `speaker`, with `-light` for a bright background. */
  layout: string;
  audio: boolean;
  video: boolean;
  /** Size in pixels, and pictures in a second. */
  picture: { width: number; height: number; frameRate: number };
  audioBps: number;
  videoBps: number;
  /** The only participant whose camera or screen is recorded; empty for everybody. */
  identity: string;
  screenShare: boolean;
  /** These tracks alone; empty for all. */
  trackIds: string[];
  /** Whether the kind of the one track decides on the kind of file. */
  single: boolean;
  /** Addresses that it is sent to instead of a file. */
  targets: Target[];
  /** Where HLS segments are written beside that, and how long they are; null for none. */
  segments: SegmentPlan | null;
  /** Path of the file without its extension. */
  file: string;
}

/** The request in a later line of standard input. */
export type Command = { do: 'stop' } | ({ do: 'add' } & Target) | { do: 'remove'; id: number };

/** The reports that the recorder prints, one line of JSON each. */
export type RecorderEvent =
  /** The first media is written. */
  | { event: 'active'; extension: string }
  /** The call, the person or the track that is recorded is gone. */
  | { event: 'ending' }
  /** An address began, ended or failed. */
  | { event: 'target'; id: number; status: 'active' | 'finished' | 'failed'; error?: string }
  /** The file is closed. */
  | { event: 'ended'; durationMs: number };

export const printEvent = (event: RecorderEvent): void => console.log(JSON.stringify(event));
