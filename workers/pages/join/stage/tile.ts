import type { LocalTrack, RemoteTrack } from 'livekit-client';
import { fromTemplate, queryWithin, setHidden, setText } from '../dom.ts';
import { initialsOf } from '../texts.ts';
import type { Rect } from './arrange.ts';

type VideoTrack = LocalTrack | RemoteTrack;

export interface TileView {
  name: string;
  track: VideoTrack | undefined;
  muted: boolean;
  hand: boolean;
  guest: boolean;
  spotlight: boolean;
  screen: boolean;
  self: boolean;
  /** The fault of the connection; empty without one. */
  connection: string;
}

/** A picture that a tile would cut more than a fifth of is shown whole. */
const MOST_CUT = 0.8;
const REACTION_MS = 4_000;

/** The tile of a participant, or of a shared screen. */
export class Tile {
  readonly element = fromTemplate('tile-template');
  readonly #video = queryWithin(this.element, 'video', HTMLVideoElement);
  #track: VideoTrack | undefined;
  #rect: Rect | undefined;
  #reactionEnd: ReturnType<typeof setTimeout> | undefined;

  constructor({ self, screen }: Pick<TileView, 'self' | 'screen'>) {
    // Audio plays in elements of its own, which stay when a video ends.
    this.#video.muted = true;
    this.element.classList.toggle('self', self && !screen);
    this.element.classList.toggle('screen', screen);
    for (const event of ['loadedmetadata', 'resize'])
      this.#video.addEventListener(event, () => this.#fitPicture());
  }

  show(view: TileView): void {
    const { element } = this;
    const part = (name: string) => queryWithin(element, `.${name}`, HTMLElement);
    setText(part('name'), view.name);
    setText(part('suffix'), view.screen ? ': screen' : view.self ? ' (you)' : '');
    setText(part('initials'), initialsOf(view.name));
    setHidden(part('muted'), !view.muted);
    setHidden(part('hand'), !view.hand);
    setHidden(part('guest'), !view.guest);
    setHidden(part('in-spotlight'), !view.spotlight);
    setText(part('connection'), view.connection);
    const suffix = view.screen ? ': screen' : view.self ? ' (you)' : '';
    this.#video.setAttribute('aria-label', view.name + suffix);
    this.#attach(view.track);
  }

  /** @param rect where the tile is on the stage; undefined while it is on another page */
  place(rect: Rect | undefined, featured: boolean): void {
    setHidden(this.element, rect === undefined);
    this.element.classList.toggle('featured', featured);
    this.#rect = rect;
    if (!rect) return;
    const { style } = this.element;
    for (const side of ['left', 'top', 'width', 'height'] as const) style[side] = `${rect[side]}px`;
    this.#fitPicture();
  }

  showReaction(emoji: string): void {
    const reaction = queryWithin(this.element, '.reaction', HTMLElement);
    setText(reaction, emoji);
    clearTimeout(this.#reactionEnd);
    this.#reactionEnd = setTimeout(() => setText(reaction, ''), REACTION_MS);
  }

  remove(): void {
    clearTimeout(this.#reactionEnd);
    this.#track?.detach(this.#video);
    this.element.remove();
  }

  #attach(track: VideoTrack | undefined): void {
    if (this.#track === track) return;
    this.#track?.detach(this.#video);
    track?.attach(this.#video);
    this.#track = track;
    this.element.classList.toggle('with-picture', track !== undefined);
  }

  #fitPicture(): void {
    const { videoWidth, videoHeight } = this.#video;
    if (!this.#rect || videoHeight === 0) return;
    const ratio = videoWidth / videoHeight / (this.#rect.width / this.#rect.height);
    this.element.classList.toggle('whole', Math.min(ratio, 1 / ratio) < MOST_CUT);
  }
}
