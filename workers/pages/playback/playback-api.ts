import { callApi } from '../common/call-api.ts';

/** A part of the recording, in seconds from its beginning. */
export interface Stretch {
  fromSeconds: number;
  toSeconds: number;
}

export interface Person {
  name: string;
  present: Stretch[];
  sharing: Stretch[];
}

export interface Chapter {
  atSeconds: number;
  type: string;
  name: string | null;
}

export interface Topic {
  atSeconds: number;
  title: string;
}

export interface Playback {
  roomName: string;
  recording: { startedAt: string; durationSeconds: number | null; kind: string };
  media: { url: string };
  people: Person[];
  chapters: Chapter[];
  topics: Topic[];
}

export interface MessageFile {
  fileId: string;
  /** Null when it is no longer shared. */
  name: string | null;
  sizeBytes: number | null;
  /** Null for people who may not have it. */
  url: string | null;
}

export interface Message {
  name: string;
  text: string;
  atSeconds: number;
  files: MessageFile[];
}

/** @throws ApiError */
export const openPlayback = async (token: string): Promise<Playback> =>
  (await callApi('POST', '/playback', { token })) as Playback;

export interface Segment {
  atSeconds: number;
  text: string;
  isGap: boolean;
  speaker: string | null;
}

/** @throws ApiError */
export const readTranscript = async (token: string): Promise<Segment[]> =>
  ((await callApi('POST', '/playback/transcript', { token })) as { segments: Segment[] }).segments;

/** @throws ApiError */
export const listMessages = async (token: string): Promise<Message[]> =>
  ((await callApi('POST', '/playback/messages', { token })) as { messages: Message[] }).messages;
