import { VideoBufferType, type VideoFrame } from '@livekit/rtc-node';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Screen, type SeenScreen, SharedScreens } from '../../../workers/agents/shared-screens.ts';
import { type Colour, i420 } from '../../support/i420.ts';
import { colourAt, readPng } from '../../support/pictures.ts';

const RED: Colour = [255, 0, 0];
const BLUE: Colour = [0, 0, 255];

/** A screen of a call whose media server is the test. */
class TestScreen implements Screen {
  readonly sid: string;
  muted = false;
  isSubscribed = false;
  isCancelled = false;
  #controller!: ReadableStreamDefaultController<{ frame: VideoFrame }>;
  readonly frames = new ReadableStream<{ frame: VideoFrame }>({
    start: (controller) => {
      this.#controller = controller;
    },
    cancel: () => {
      this.isCancelled = true;
    },
  });

  constructor(sid: string) {
    this.sid = sid;
  }

  setSubscribed(isSubscribed: boolean): void {
    this.isSubscribed = isSubscribed;
  }

  /** A frame of one colour comes, and is kept. */
  async show(colour: Colour, size = { width: 16, height: 16 }): Promise<void> {
    const frame = { ...i420(16, 16, () => colour), type: VideoBufferType.I420, ...size } as VideoFrame;
    this.#controller.enqueue({ frame });
    await new Promise(setImmediate);
  }
}

let now = 0;
let screens: SharedScreens;
beforeEach(() => {
  now = 0;
  screens = new SharedScreens(() => now);
});

/** Somebody shares a screen, to which the agent is subscribed if it wants that. */
async function share(sid: string, identity: string, colour?: Colour): Promise<TestScreen> {
  const screen = new TestScreen(sid);
  screens.add(screen, identity);
  if (screen.isSubscribed) void screens.watch(screen, screen.frames);
  if (colour) await screen.show(colour);
  return screen;
}

const shown = (seen: SeenScreen | undefined) =>
  seen && {
    identity: seen.identity,
    isRed: colourAt(readPng(Buffer.from(seen.png, 'base64')), 8, 8)[0]! > 128,
  };

describe('the shared screens of a call', () => {
  it('are not subscribed to by an agent that may not see them', async () => {
    const screen = await share('a', 'ada');
    expect(screen.isSubscribed).toBe(false);
    expect(await screens.look('ada')).toBeUndefined();
  });

  it('are seen from the moment on at which it may, also those that are shared already', async () => {
    const screen = await share('a', 'ada');
    screens.allow(true);
    expect(screen.isSubscribed).toBe(true);
    void screens.watch(screen, screen.frames);
    expect(await screens.look('ben')).toBeUndefined();
    await screen.show(BLUE);
    await screen.show(RED);
    expect(shown(await screens.look('ben'))).toEqual({ identity: 'ada', isRed: true });
  });

  it('are forgotten at once when it may not see them any more', async () => {
    screens.allow(true);
    const screen = await share('a', 'ada', RED);
    screens.allow(false);
    expect([screen.isSubscribed, screen.isCancelled]).toEqual([false, true]);
    expect(await screens.look('ada')).toBeUndefined();
    screens.allow(true);
    expect(await screens.look('ada')).toBeUndefined();
  });

  it('are those of the person who asks, otherwise the one that was shared last', async () => {
    screens.allow(true);
    await share('a', 'ada', RED);
    const last = await share('b', 'ben', BLUE);
    expect(shown(await screens.look('ada'))).toEqual({ identity: 'ada', isRed: true });
    expect(shown(await screens.look('cleo'))).toEqual({ identity: 'ben', isRed: false });
    screens.remove(last);
    expect(shown(await screens.look('cleo'))).toEqual({ identity: 'ada', isRed: true });
  });

  it('are not seen when they end while their picture is made', async () => {
    screens.allow(true);
    const screen = await share('a', 'ada', RED);
    const looking = screens.look('ada');
    screens.remove(screen);
    expect(await looking).toBeUndefined();
    expect(screen.isCancelled).toBe(true);
  });

  it('are not seen while they are muted, after 30 seconds without a frame, or larger than any screen', async () => {
    screens.allow(true);
    const screen = await share('a', 'ada', RED);
    screen.muted = true;
    expect(await screens.look('ada')).toBeUndefined();
    screen.muted = false;
    now = 30_000;
    expect(await screens.look('ada')).toBeDefined();
    now = 30_001;
    expect(await screens.look('ada')).toBeUndefined();
    await screen.show(RED);
    expect(await screens.look('ada')).toBeDefined();
    await screen.show(RED, { width: 16_384, height: 16_384 });
    expect(await screens.look('ada')).toBeUndefined();
  });

  it('are kept for no agent that has left', async () => {
    screens.allow(true);
    const screen = await share('a', 'ada', RED);
    screens.end();
    expect(screen.isCancelled).toBe(true);
    expect(await screens.look('ada')).toBeUndefined();
  });
});
