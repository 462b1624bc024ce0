import type { LocalTrack, Participant, RemoteTrack, Room } from 'livekit-client';
import { byId, fromTemplate, setHidden, setText, queryWithin } from './dom.ts';
import { initialsOf } from './texts.ts';

interface Tile {
  element: HTMLElement;
  video: HTMLVideoElement;
  track: LocalTrack | RemoteTrack | undefined;
}

interface TileView {
  name: string;
  track: LocalTrack | RemoteTrack | undefined;
  muted: boolean;
  hand: boolean;
  screen: boolean;
  self: boolean;
}

const SOURCE = { camera: 'camera', microphone: 'microphone', screen: 'screen_share' } as const;

const visibleTrack = (participant: Participant, source: string): Tile['track'] => {
  const publication = [...participant.trackPublications.values()].find(
    (each: { source: string }) => each.source === source,
  );
  return publication?.isMuted === false ? (publication.track as Tile['track']) : undefined;
};

/** The participants' tiles in the order in which they joined, with another tile for each shared screen. */
export class Tiles {
  readonly #list = byId('tiles', HTMLUListElement);
  readonly #tiles = new Map<string, Tile>();

  /** Updates the tiles to the room's current state. @param hands identities of participants with a raised hand */
  sync(room: Room, hands: ReadonlySet<string>): void {
    const shownKeys = new Set<string>();
    for (const participant of [room.localParticipant, ...room.remoteParticipants.values()]) {
      const { identity, isLocal, name } = participant;
      const common = { name: name || identity, self: isLocal };
      const screen = visibleTrack(participant, SOURCE.screen);
      if (screen)
        this.#put(`${identity} screen`, shownKeys, {
          ...common,
          track: screen,
          muted: false,
          hand: false,
          screen: true,
        });
      this.#put(identity, shownKeys, {
        ...common,
        track: visibleTrack(participant, SOURCE.camera),
        muted: !participant.isMicrophoneEnabled,
        hand: hands.has(identity),
        screen: false,
      });
    }
    for (const key of this.#tiles.keys()) if (!shownKeys.has(key)) this.#remove(key);
    this.#list.dataset.count = String(this.#tiles.size);
  }

  /** Highlights the participants who are speaking. */
  markSpeaking(identities: ReadonlySet<string>): void {
    for (const [key, { element }] of this.#tiles) element.classList.toggle('speaking', identities.has(key));
  }

  clear(): void {
    for (const key of this.#tiles.keys()) this.#remove(key);
  }

  #put(key: string, shownKeys: Set<string>, view: TileView): void {
    shownKeys.add(key);
    const tile = this.#tiles.get(key) ?? this.#make(key, view);
    const { element } = tile;
    const label = view.screen ? `${view.name}: screen` : view.self ? `${view.name} (you)` : view.name;
    setText(queryWithin(element, '.name', HTMLElement), label);
    setText(queryWithin(element, '.initials', HTMLElement), initialsOf(view.name));
    setHidden(queryWithin(element, '.muted', HTMLElement), !view.muted);
    setHidden(queryWithin(element, '.hand', HTMLElement), !view.hand);
    tile.video.setAttribute('aria-label', label);
    if (tile.track === view.track) return;
    tile.track?.detach(tile.video);
    view.track?.attach(tile.video);
    tile.track = view.track;
    element.classList.toggle('with-picture', view.track !== undefined);
  }

  #make(key: string, { self, screen }: TileView): Tile {
    const element = fromTemplate('tile-template');
    const video = queryWithin(element, 'video', HTMLVideoElement);
    // Audio plays in elements of its own, which stay when a video ends.
    video.muted = true;
    element.classList.toggle('self', self && !screen);
    element.classList.toggle('screen', screen);
    element.dataset.key = key;
    const tile: Tile = { element, video, track: undefined };
    this.#tiles.set(key, tile);
    if (screen) this.#list.prepend(element);
    else this.#list.append(element);
    return tile;
  }

  #remove(key: string): void {
    const tile = this.#tiles.get(key);
    tile?.track?.detach(tile.video);
    tile?.element.remove();
    this.#tiles.delete(key);
  }
}
