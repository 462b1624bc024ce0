/** The transport of a client's frames: a WebSocket of Workers or of Node. */
export interface SocketTransport {
  send(data: string | ArrayBuffer | Uint8Array): void;
  close(code?: number, reason?: string): void;
  /** @param onText called with every text that arrives @param onClose called once */
  listen(onText: (text: string) => void, onClose: (code: number) => void): void;
}

type FrameOf<F, T> = Extract<F, { type: T }>;

/** The answer to a frame. */
export interface Answer {
  type: 'ack' | 'error';
  id: string | null;
  seq?: number | null;
  result?: any; // eslint-disable-line typescript/no-explicit-any -- the result of any verb
  code?: string;
}

/** The client's end of a real socket. */
export class SocketClient<F extends { type: string }> {
  /** Everything that arrived, in order. */
  readonly texts: string[] = [];
  closeCode: number | undefined;
  readonly #transport: SocketTransport;
  readonly #waitMs: number;
  readonly #waiters = new Set<() => void>();

  /** @param waitMs milliseconds to wait for a frame before the test fails */
  constructor(transport: SocketTransport, waitMs = 15_000) {
    this.#transport = transport;
    this.#waitMs = waitMs;
    const notify = () => this.#waiters.forEach((check) => check());
    transport.listen(
      (text) => {
        this.texts.push(text);
        notify();
      },
      (code) => {
        this.closeCode = code;
        notify();
      },
    );
  }

  get frames(): F[] {
    return this.texts.map((text) => JSON.parse(text) as F);
  }

  framesOf<T extends F['type']>(type: T): FrameOf<F, T>[] {
    return this.frames.filter((frame) => frame.type === type) as FrameOf<F, T>[];
  }

  send(frame: object | string | ArrayBuffer | Uint8Array): void {
    const isRaw = typeof frame === 'string' || frame instanceof ArrayBuffer || frame instanceof Uint8Array;
    this.#transport.send(isRaw ? frame : JSON.stringify(frame));
  }

  close(code?: number, reason?: string): void {
    this.#transport.close(code, reason);
  }

  /** Waits until a frame, or the end of the socket, makes the condition true. @throws after the wait, with the frames */
  waitUntil(isDone: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const arrived = () => this.texts.join('\n').slice(0, 2_000);
      const timer = setTimeout(
        () => reject(new Error(`waited in vain for ${what}; got ${arrived()}`)),
        this.#waitMs,
      );
      const check = () => {
        if (!isDone()) return;
        clearTimeout(timer);
        this.#waiters.delete(check);
        resolve();
      };
      this.#waiters.add(check);
      check();
    });
  }

  /** The first frame of a type that fits, whether it has arrived already or not. */
  async waitForFrame<T extends F['type']>(
    type: T,
    fits: (frame: FrameOf<F, T>) => boolean = () => true,
  ): Promise<FrameOf<F, T>> {
    const find = () => this.framesOf(type).find(fits);
    await this.waitUntil(() => find() !== undefined, type);
    return find()!;
  }

  /** The code that the socket was closed with. */
  async waitForClose(): Promise<number> {
    await this.waitUntil(() => this.closeCode !== undefined, 'the end of the socket');
    return this.closeCode!;
  }

  /** Sends a frame with an id of its own, unless it has one, and waits for its ack or error. */
  async sendAndWait(frame: { type: string; id?: string; [field: string]: unknown }): Promise<Answer> {
    const id = frame.id ?? crypto.randomUUID();
    this.send({ ...frame, id });
    const isAnswer = (each: unknown): each is Answer => {
      const { type, id: answered } = each as Answer;
      return answered === id && (type === 'ack' || type === 'error');
    };
    await this.waitUntil(() => this.frames.some(isAnswer), `an answer to ${JSON.stringify(frame)}`);
    return (this.frames as unknown[]).find(isAnswer)!;
  }
}

/** The client's end of a WebSocket in the Workers runtime. */
export const workersTransport = (socket: WebSocket): SocketTransport => ({
  send: (data) => socket.send(data),
  close: (code, reason) => socket.close(code, reason),
  listen(onText, onClose) {
    socket.addEventListener('message', ({ data }) => onText(data as string));
    socket.addEventListener('close', ({ code }) => onClose(code));
    socket.accept();
  },
});
