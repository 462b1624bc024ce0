import type { Services } from '../../src/kernel/context/index.ts';
import { RecognitionSession } from '../../src/intelligence/recognition-session/index.ts';
import type {
  RecognitionClientFrame,
  RecognitionRef,
  RecognitionServerFrame,
  Recognitions,
} from '../../src/intelligence/recognitions/index.ts';
import { MemorySocket } from './memory-socket.ts';
import { MemoryKeyValueStorage } from './memory-storage.ts';

export type RecognitionClient = MemorySocket<RecognitionServerFrame>;

/** The live object of one recognition, in memory. */
class LiveObject {
  readonly storage = new MemoryKeyValueStorage();
  readonly sockets: RecognitionClient[] = [];
  readonly timers = new Map<object, { atMs: number; run: () => void }>();
  readonly #services: () => Services;
  #work: Promise<unknown> = Promise.resolve();
  session: RecognitionSession;

  constructor(services: () => Services) {
    this.#services = services;
    this.session = this.#create();
  }

  /** As when the object is evicted: what is not stored is gone. */
  evict(): void {
    this.timers.clear();
    this.session = this.#create();
  }

  async settle(): Promise<void> {
    for (let work; work !== this.#work;) await (work = this.#work);
  }

  #create(): RecognitionSession {
    return new RecognitionSession({
      storage: this.storage,
      services: this.#services,
      keepAlive: (work) => {
        this.#work = Promise.all([this.#work, work]);
      },
      sockets: () => this.sockets.filter(({ readyState }) => readyState === 1),
      startTimer: (ms, run) => {
        const name = {};
        this.timers.set(name, { atMs: this.#services().clock.now() + ms, run });
        return () => this.timers.delete(name);
      },
      wakeAt: () => undefined,
    });
  }
}

/** Recognitions in one process: the same sessions as in the live objects. Time passes by `pass`. */
export class MemoryRecognitions implements Recognitions {
  readonly #objects = new Map<string, LiveObject>();
  readonly #services: () => Services;

  constructor(services: () => Services) {
    this.#services = services;
  }

  #of({ recognitionId }: Pick<RecognitionRef, 'recognitionId'>): LiveObject {
    const object = this.#objects.get(recognitionId) ?? new LiveObject(this.#services);
    this.#objects.set(recognitionId, object);
    return object;
  }

  begin: Recognitions['begin'] = async (plan) => this.#of(plan).session.begin(plan);
  renew: Recognitions['renew'] = async (ref, asker) => this.#of(ref).session.renew(asker);
  end: Recognitions['end'] = (ref, asker) => this.#of(ref).session.end(asker);
  /** Node has no such sockets: only the status of the answer to an upgrade. */
  connect: Recognitions['connect'] = async (_request, ref) => {
    this.#of(ref).session.requireOpen();
    return Object.defineProperty(new Response(null), 'status', { value: 101 });
  };

  /** Opens a socket, as a ticket would. */
  open(recognitionId: string): RecognitionClient {
    const object = this.#of({ recognitionId });
    object.session.requireOpen();
    const socket: RecognitionClient = new MemorySocket();
    object.sockets.push(socket);
    object.session.accept(socket);
    return socket;
  }

  async send(recognitionId: string, socket: RecognitionClient, message: RecognitionClientFrame | Uint8Array) {
    const object = this.#of({ recognitionId });
    const data = message instanceof Uint8Array ? message.slice().buffer : JSON.stringify(message);
    object.session.receive(socket, data);
    await object.settle();
  }

  leave(recognitionId: string, socket: RecognitionClient): void {
    const object = this.#of({ recognitionId });
    object.sockets.splice(object.sockets.indexOf(socket), 1);
    object.session.disconnect(socket);
  }

  evict(recognitionId: string): void {
    this.#of({ recognitionId }).evict();
  }

  /** Runs the timers that are due, and the alarm. */
  async wake(recognitionId: string): Promise<number | null> {
    const object = this.#of({ recognitionId });
    const nowMs = this.#services().clock.now();
    for (const [name, { atMs, run }] of object.timers)
      if (atMs <= nowMs) {
        object.timers.delete(name);
        run();
      }
    const next = await object.session.wake();
    await object.settle();
    return next;
  }
}
