import { type Actor, actorId } from '../../kernel/core/index.ts';
import {
  type RateLimit,
  type SocketHandle,
  takeTokens,
  toErrorFrame,
  type TokenBucket,
} from '../../realtime/sockets/index.ts';
import {
  type RecognitionClientFrame,
  recognitionErrors,
  type RecognitionPlan,
} from '../recognitions/index.ts';
import { closeSocket, readMessage, sendFrame } from './client-socket.ts';
import type { RecognitionRuntime } from './recognition-runtime.ts';
import { RecognitionStore } from './recognition-store.ts';
import { Recognizing } from './recognizing.ts';
import { soundMs } from './sound.rules.ts';

const HELLO_MS = 10_000;
const CLIENT_AWAY_MS = 60_000;
const LONGEST_MS = 4 * 3_600_000;
const SPEECH_AWAY_MS = 5 * 60_000;
/** Sound may be ahead of the clock, because a client that continues sends earlier sound again. */
const AHEAD_MS = 30_000;
/**
 * A client that sends nothing for this time gives its capacity at the speech service to others; later it is considered
 * gone.
 */
const QUIET_MS = 60_000;
const SILENT_MS = 10 * 60_000;
const LOOK_MS = 15_000;
const FRAME_RATE: RateLimit = { burst: 10, perSecond: 2 };

/** The work of the Durable Object of one recognition, over its storage, its sockets and the speech service. */
export class RecognitionSession {
  readonly #runtime: RecognitionRuntime;
  readonly #store: RecognitionStore;
  readonly #work: Recognizing;
  readonly #frames: TokenBucket = { tokens: FRAME_RATE.burst, tokensAtMs: 0 };
  #socket: SocketHandle | null = null;
  #isGreeted = false;
  /** The position in the sound of the present client. */
  #sentMs = 0;
  /** When the client last sent anything. */
  #activeAtMs = 0;

  constructor(runtime: RecognitionRuntime) {
    this.#runtime = runtime;
    this.#store = new RecognitionStore(runtime.storage);
    this.#work = new Recognizing(runtime, this.#store, {
      send: (frame) => {
        if (this.#socket && this.#isGreeted) sendFrame(this.#socket, frame);
      },
      onEnded: () => {
        for (const socket of runtime.sockets()) closeSocket(socket, 'ended');
        runtime.wakeAt(this.#nowMs);
      },
    });
  }

  get #nowMs(): number {
    return this.#runtime.services().clock.now();
  }

  begin(plan: RecognitionPlan): void {
    this.#store.plan = plan;
    this.#waitForClient();
  }

  /** Takes the newer authority of the same asker. @returns false when it belongs to another asker, or is over */
  renew(asker: Actor): boolean {
    const { plan } = this.#store;
    if (!plan || actorId(plan.asker) !== actorId(asker)) return false;
    this.#store.plan = { ...plan, asker };
    return true;
  }

  /** @returns false when it belongs to another asker, or is over */
  async end(asker: Actor): Promise<boolean> {
    if (!this.renew(asker)) return false;
    await this.#work.end('closed');
    return true;
  }

  /** @throws AppError `recognitions.not_found` */
  requireOpen(): void {
    if (!this.#store.plan) throw recognitionErrors.notFound();
  }

  accept(socket: SocketHandle): void {
    for (const other of this.#runtime.sockets()) if (other !== socket) closeSocket(other, 'replaced');
    this.#socket = socket;
    this.#isGreeted = false;
    this.#runtime.startTimer(HELLO_MS, () => {
      if (this.#socket === socket && !this.#isGreeted) closeSocket(socket, 'noHello');
    });
  }

  receive(socket: SocketHandle, data: string | ArrayBuffer): void {
    // The object was evicted meanwhile: its sound is lost, but the client has it.
    if (socket !== this.#socket || !this.#store.plan)
      return closeSocket(socket, this.#store.plan ? 'restarted' : 'ended');
    this.#activeAtMs = this.#nowMs;
    const message = readMessage(data);
    if ('close' in message) closeSocket(socket, message.close);
    else if ('sound' in message) this.#receiveSound(socket, message.sound);
    else if (!takeTokens(this.#frames, 1, FRAME_RATE, this.#nowMs)) closeSocket(socket, 'flooding');
    else if (message.frame === null) sendFrame(socket, toErrorFrame(message.id, message.error));
    else this.#receiveFrame(socket, message.frame);
  }

  disconnect(socket: SocketHandle): void {
    if (socket !== this.#socket) return;
    this.#socket = null;
    if (this.#store.plan) this.#waitForClient();
  }

  /** Ends it when its time is over. @returns when to wake up again; null once it is over */
  async wake(): Promise<number | null> {
    const { plan } = this.#store;
    if (!plan) return null;
    const nowMs = this.#nowMs;
    // After an eviction, nothing reported that the client has left.
    if (!this.#socket && this.#store.progress.clientAwayAtMs === null) this.#waitForClient();
    const { clientAwayAtMs } = this.#store.progress;
    const { awayAtMs } = this.#work;
    // A line without sound for this time has answered all of it; another one is opened for the next sound.
    if (nowMs - this.#activeAtMs >= QUIET_MS) this.#work.startAgain();
    if (clientAwayAtMs !== null && nowMs - clientAwayAtMs >= CLIENT_AWAY_MS)
      await this.#work.end('abandoned');
    else if (this.#socket && nowMs - this.#activeAtMs >= SILENT_MS) await this.#work.end('abandoned');
    else if (nowMs - plan.createdAtMs >= LONGEST_MS) await this.#work.end('too_long');
    else if (awayAtMs !== null && nowMs - awayAtMs >= SPEECH_AWAY_MS) await this.#work.end('speech_away');
    else this.#work.renew();
    return this.#store.plan ? nowMs + LOOK_MS : null;
  }

  #waitForClient(): void {
    this.#store.change({ clientAwayAtMs: this.#nowMs });
    this.#runtime.wakeAt(this.#nowMs + CLIENT_AWAY_MS);
  }

  #receiveFrame(socket: SocketHandle, frame: RecognitionClientFrame): void {
    if ((frame.type === 'hello') === this.#isGreeted) return closeSocket(socket, 'badFrames');
    if (frame.type === 'hello') return this.#greet(socket, frame.after);
    this.#work.isClosing ||= frame.type === 'close';
    this.#work.finalize();
  }

  /** A client continues at the end of the results: sound without a result is sent again. */
  #greet(socket: SocketHandle, after: number): void {
    this.#work.startAgain();
    const { results } = this.#work;
    const { doneMs } = this.#store.progress;
    this.#isGreeted = true;
    this.#activeAtMs = this.#nowMs;
    this.#sentMs = doneMs;
    this.#store.change({ clientAwayAtMs: null });
    this.#runtime.wakeAt(this.#nowMs + LOOK_MS);
    sendFrame(socket, { type: 'ready', fromMs: doneMs, seq: results.lastSeq });
    for (const result of results.after(after)) if (!sendFrame(socket, result)) return;
  }

  #receiveSound(socket: SocketHandle, sound: Uint8Array): void {
    const { encoding, createdAtMs } = this.#store.plan!;
    const ms = soundMs(encoding, sound);
    if (!this.#isGreeted || ms === null) return closeSocket(socket, 'badFrames');
    const atMs = this.#sentMs;
    const endMs = atMs + ms;
    if (endMs > this.#nowMs - createdAtMs + AHEAD_MS) return closeSocket(socket, 'flooding');
    this.#sentMs = endMs;
    this.#work.add(sound, atMs, endMs);
  }
}
