import { VideoBufferType, type VideoFrame } from '@livekit/rtc-node';
import { toPng } from './picture.ts';

/** A frame that came longer ago is no answer to what is on the screen now; a screen on which nothing moves is sent every second. */
const NEWEST_MS = 30_000;
/** 8K: no screen is larger. */
const MOST_PIXELS = 34_000_000;

/** A published screen, as far as it is used here. */
export interface Screen {
  readonly sid?: string | undefined;
  readonly muted?: boolean | undefined;
  setSubscribed(isSubscribed: boolean): void;
}

/** What a question is asked with. */
export interface SeenScreen {
  identity: string;
  /** PNG, in base64. */
  png: string;
}

interface SharedScreen {
  screen: Screen;
  identity: string;
  stream?: ReadableStreamDefaultReader<{ frame: VideoFrame }>;
  newest?: { frame: VideoFrame; at: number };
}

/** The shared screens of a call, for an agent that may see them: the newest frame of each, in memory alone. */
export class SharedScreens {
  readonly #now: () => number;
  /** In the order in which they were shared. */
  readonly #screens = new Map<string, SharedScreen>();
  #mayLook = false;

  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /** Subscribes to what is shared and will be, or ends that and forgets every frame. */
  allow(mayLook: boolean): void {
    if (this.#mayLook === mayLook) return;
    this.#mayLook = mayLook;
    for (const shared of this.#screens.values()) {
      shared.screen.setSubscribed(mayLook);
      if (!mayLook) forget(shared);
    }
  }

  get mayLook(): boolean {
    return this.#mayLook;
  }

  /** The agent has left. */
  end(): void {
    this.#mayLook = false;
    for (const shared of this.#screens.values()) forget(shared);
    this.#screens.clear();
  }

  /** Somebody shares a screen. */
  add(screen: Screen, identity: string): void {
    const sid = screen.sid ?? '';
    if (this.#screens.has(sid)) return;
    this.#screens.set(sid, { screen, identity });
    if (this.#mayLook) screen.setSubscribed(true);
  }

  remove({ sid = '' }: Screen): void {
    const shared = this.#screens.get(sid);
    this.#screens.delete(sid);
    if (shared) forget(shared);
  }

  /** Its frames have stopped, and may come again. */
  pause({ sid = '' }: Screen): void {
    const shared = this.#screens.get(sid);
    if (shared) forget(shared);
  }

  /** Keeps the newest frame of a screen, until it ends. */
  async watch({ sid = '' }: Screen, frames: ReadableStream<{ frame: VideoFrame }>): Promise<void> {
    const stream = frames.getReader();
    const shared = this.#screens.get(sid);
    if (!shared || !this.#mayLook) return await stream.cancel();
    forget(shared);
    shared.stream = stream;
    for (;;) {
      const { value } = await stream.read();
      if (!value || shared.stream !== stream) return;
      shared.newest = { frame: value.frame, at: this.#now() };
    }
  }

  /**
   * The screen of the person who asks a question, otherwise the one that was shared last; undefined when none can be seen, or it ended
   * while its picture was made.
   */
  async look(identity: string): Promise<SeenScreen | undefined> {
    const seen = [...this.#screens.values()].filter((shared) => this.#isSeen(shared));
    const shared = seen.findLast((each) => each.identity === identity) ?? seen.at(-1);
    if (!shared) return undefined;
    const { frame } = shared.newest!;
    const picture = frame.type === VideoBufferType.I420 ? frame : frame.convert(VideoBufferType.I420);
    const png = (await toPng(picture)).toString('base64');
    return shared.newest ? { identity: shared.identity, png } : undefined;
  }

  #isSeen({ screen, newest }: SharedScreen): boolean {
    if (!newest || screen.muted) return false;
    const { frame, at } = newest;
    return this.#now() - at <= NEWEST_MS && frame.width * frame.height <= MOST_PIXELS;
  }
}

/** The frames are in no other place than here. */
function forget(shared: SharedScreen): void {
  const { stream } = shared;
  delete shared.newest;
  delete shared.stream;
  stream?.cancel().catch(() => undefined); // it has ended already
}
