import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

type ParticipantCommand =
  | { do: 'join'; url: string; token: string }
  | { do: 'intrude'; url: string; token: string; forMs: number }
  | { do: 'publish'; kind: 'audio' | 'video' }
  | { do: 'speak'; file: string }
  | { do: 'unpublish'; sid: string }
  | { do: 'mute'; sid: string; muted: boolean }
  | { do: 'say'; text: string; topic: string }
  | { do: 'leave' }
  | { do: 'report' };
export type ParticipantOrder = ParticipantCommand & { id: number };
export type ParticipantReply = { id: number; value?: unknown; error?: string };

export interface ReceivedTrack {
  from: string;
  kind: 'audio' | 'video';
  frames: number;
  /** Pitch of the sound received in the last second. */
  hertz: number;
  width: number;
  height: number;
  /** How often the picture changed. */
  changes: number;
}

/** What reached a participant so far. */
export interface ReceivedMedia {
  /** Of media, from everybody. */
  bytes: number;
  tracks: ReceivedTrack[];
  /** Identities of the others. */
  people: string[];
  data: { from: string | null; topic: string; text: string }[];
  /** Why the connection ended; null while it lasts. */
  disconnected: string | null;
  /** What went wrong with media. At the end of a connection tracks go at any moment, so that it may be nothing. */
  mediaErrors: string[];
}

/** Bytes of media packets with their headers, since the connection began. */
export interface Traffic {
  sentBytes: number;
  receivedBytes: number;
}

/** What a person who kept connecting reached. */
export interface Intrusion {
  attempts: number;
  /** Attempts after which they were in the call, and for how many milliseconds in total. */
  connections: number;
  connectedMs: number;
  /** Tracks of others that they received. */
  tracks: number;
}

const PROGRAM = join(import.meta.dirname, 'participant-process.ts');
/** How much of a process's error output an error quotes. */
const COMPLAINT_CHARACTERS = 2_000;
const running = new Set<ChildProcess>();

/** A person or service in a call, with real media, in a process of its own. */
export class Participant {
  /** The connection's sid. */
  sid = '';
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, (reply: ParticipantReply) => void>();
  private orderCount = 0;
  private errorOutput = '';

  private constructor() {
    this.child = fork(PROGRAM, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] });
    running.add(this.child);
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.errorOutput = (this.errorOutput + text).slice(-COMPLAINT_CHARACTERS);
    });
    this.child.on('message', (reply: ParticipantReply) => this.waiting.get(reply.id)?.(reply));
    // `close` comes after the last of its output, `exit` may come before.
    this.child.once('close', (code, signal) => {
      running.delete(this.child);
      const error = `the participant's process ended (${signal ?? code}): ${this.errorOutput}`;
      for (const [id, answer] of this.waiting) answer({ id, error });
    });
  }

  /** Connects. @throws when the media server refuses */
  static async join(url: string, token: string): Promise<Participant> {
    const participant = new Participant();
    try {
      participant.sid = await participant.sendOrder<string>({ do: 'join', url, token });
      return participant;
    } catch (error) {
      participant.crash();
      throw error;
    }
  }

  /** Connects with the token again and again for some time, each time at once when the connection ended. */
  static async intrude(url: string, token: string, forMs: number): Promise<Intrusion> {
    const participant = new Participant();
    try {
      return await participant.sendOrder<Intrusion>({ do: 'intrude', url, token, forMs });
    } finally {
      participant.crash();
    }
  }

  /** Publishes a tone or a moving picture; returns the track's sid. */
  publish(kind: 'audio' | 'video'): Promise<string> {
    return this.sendOrder({ do: 'publish', kind });
  }

  unpublish(sid: string): Promise<void> {
    return this.sendOrder({ do: 'unpublish', sid });
  }

  mute(sid: string, muted: boolean): Promise<void> {
    return this.sendOrder({ do: 'mute', sid, muted });
  }

  /** Speaks what a WAV file of 16 kHz says, into a microphone that stays open. @returns when it was said */
  speak(file: string): Promise<void> {
    return this.sendOrder({ do: 'speak', file });
  }

  sendData(text: string, topic = ''): Promise<void> {
    return this.sendOrder({ do: 'say', text, topic });
  }

  getReceivedMedia(): Promise<ReceivedMedia> {
    return this.sendOrder({ do: 'report' });
  }

  /** Waits until what it received is as wanted. @throws after the time, with what there was */
  async waitUntil(wanted: (received: ReceivedMedia) => boolean, withinMs = 15_000): Promise<ReceivedMedia> {
    const end = performance.now() + withinMs;
    for (;;) {
      const received = await this.getReceivedMedia();
      if (wanted(received)) return received;
      if (performance.now() > end) throw new Error(`did not come: ${JSON.stringify(received)}`);
      await sleep(100);
    }
  }

  /** Leaves the call and ends the process. @returns what was sent and received */
  async leave(): Promise<Traffic> {
    const traffic = await this.sendOrder<Traffic>({ do: 'leave' });
    this.crash();
    return traffic;
  }

  /** Ends the process without leaving the call, as with an empty battery. */
  crash(): void {
    this.child.kill('SIGKILL');
  }

  private sendOrder<T>(command: ParticipantCommand): Promise<T> {
    const id = ++this.orderCount;
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(id, ({ value, error }) => {
        this.waiting.delete(id);
        if (error === undefined) resolve(value as T);
        else reject(new Error(error));
      });
      this.child.send({ ...command, id } satisfies ParticipantOrder);
    });
  }
}

/** Ends all participants that are still running: for the end of a test. */
export function endAllParticipants(): void {
  for (const child of running) child.kill('SIGKILL');
}
