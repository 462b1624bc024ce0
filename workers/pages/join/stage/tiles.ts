import type { Participant, Room } from 'livekit-client';
import { byId, setHidden, setText } from '../dom.ts';
import { isGuest } from '../texts.ts';
import { arrangeTiles, countFittingTiles, divideStage, type Area, type Rect } from './arrange.ts';
import { orderTiles } from './order.ts';
import { Tile, type TileView } from './tile.ts';

const SOURCE = { camera: 'camera', screen: 'screen_share' } as const;
const SCREEN_SUFFIX = ' screen';
const CONNECTIONS: Readonly<Record<string, string>> = { poor: 'Weak connection', lost: 'Connection lost' };

export interface StageView {
  /** Identities with a raised hand. */
  hands: ReadonlySet<string>;
  /** Identity in the spotlight. */
  spotlight: string | null;
}

const visibleTrack = (participant: Participant, source: string): TileView['track'] => {
  const publication = [...participant.trackPublications.values()].find(
    (each: { source: string }) => each.source === source,
  );
  return publication?.isMuted === false ? (publication.track as TileView['track']) : undefined;
};

/** The participants' tiles and shared screens: as many as fit on a page, speakers on the first one. */
export class Tiles {
  readonly #list = byId('tiles', HTMLUListElement);
  readonly #tiles = new Map<string, Tile>();
  readonly #featured = new Set<string>();
  #order: string[] = [];
  #speakers: ReadonlySet<string> = new Set();
  #page = 0;

  constructor() {
    new ResizeObserver(() => this.#arrange()).observe(this.#list);
    byId('page-previous', HTMLButtonElement).addEventListener('click', () => this.#turn(-1));
    byId('page-next', HTMLButtonElement).addEventListener('click', () => this.#turn(1));
  }

  /** Updates the tiles to the room's current state. */
  sync(room: Room, view: StageView): void {
    const shown = new Set<string>();
    this.#featured.clear();
    for (const participant of [room.localParticipant, ...room.remoteParticipants.values()])
      this.#syncParticipant(participant, view, shown);
    for (const [key, tile] of this.#tiles)
      if (!shown.has(key)) {
        tile.remove();
        this.#tiles.delete(key);
      }
    this.#arrange();
  }

  /** Highlights the participants who are speaking, and brings them to the first page. */
  markSpeaking(identities: ReadonlySet<string>): void {
    this.#speakers = identities;
    for (const [key, { element }] of this.#tiles) element.classList.toggle('speaking', identities.has(key));
    this.#arrange();
  }

  showReaction(identity: string, emoji: string): void {
    this.#tiles.get(identity)?.showReaction(emoji);
  }

  clear(): void {
    for (const tile of this.#tiles.values()) tile.remove();
    this.#tiles.clear();
    this.#order = [];
    this.#page = 0;
  }

  #syncParticipant(participant: Participant, { hands, spotlight }: StageView, shown: Set<string>): void {
    const { identity, isLocal, name, connectionQuality } = participant;
    const common = { name: name || identity, self: isLocal, guest: isGuest(identity) };
    const screen = visibleTrack(participant, SOURCE.screen);
    const plain = { muted: false, hand: false, spotlight: false, connection: '' };
    if (screen) {
      this.#featured.add(identity + SCREEN_SUFFIX);
      this.#put(identity + SCREEN_SUFFIX, shown, { ...common, ...plain, track: screen, screen: true });
    }
    if (spotlight === identity) this.#featured.add(identity);
    this.#put(identity, shown, {
      ...common,
      track: visibleTrack(participant, SOURCE.camera),
      muted: !participant.isMicrophoneEnabled,
      hand: hands.has(identity),
      spotlight: spotlight === identity,
      connection: CONNECTIONS[connectionQuality] ?? '',
      screen: false,
    });
  }

  #put(key: string, shown: Set<string>, view: TileView): void {
    shown.add(key);
    let tile = this.#tiles.get(key);
    if (!tile) {
      tile = new Tile(view);
      tile.element.dataset.key = key;
      this.#tiles.set(key, tile);
      this.#list.append(tile.element);
    }
    tile.show(view);
  }

  #turn(step: number): void {
    this.#page += step;
    this.#arrange();
  }

  #arrange(): void {
    const stage: Area = { width: this.#list.clientWidth, height: this.#list.clientHeight };
    if (stage.width === 0 || this.#tiles.size === 0) return;
    const featured = [...this.#tiles.keys()].filter((key) => this.#featured.has(key));
    const others = [...this.#tiles.keys()].filter((key) => !this.#featured.has(key));
    const divided = featured.length > 0 && others.length > 0 ? divideStage(stage) : undefined;
    this.#place(featured, arrangeFeatured(featured.length, divided?.main ?? stage), true);
    this.#arrangePage(others, divided?.strip ?? { ...stage, left: 0, top: 0 }, divided && 1);
  }

  /** @param fewest columns at least; undefined for as many as suit the area */
  #arrangePage(keys: readonly string[], area: Rect, fewest: number | undefined): void {
    const size = countFittingTiles(area);
    this.#order = orderTiles(this.#order, keys, this.#speakers, size);
    const pages = Math.max(1, Math.ceil(keys.length / size));
    this.#page = Math.min(Math.max(0, this.#page), pages - 1);
    const visible = this.#order.slice(this.#page * size, (this.#page + 1) * size);
    const rects = arrangeTiles(visible.length, area, fewest);
    this.#place(
      visible,
      rects.map((rect) => ({ ...rect, left: rect.left + area.left, top: rect.top + area.top })),
      false,
    );
    const isVisible = new Set(visible);
    for (const key of keys) if (!isVisible.has(key)) this.#tiles.get(key)?.place(undefined, false);
    this.#showPager(pages);
  }

  #place(keys: readonly string[], rects: readonly Rect[], featured: boolean): void {
    keys.forEach((key, at) => this.#tiles.get(key)?.place(rects[at], featured));
  }

  #showPager(pages: number): void {
    setHidden(byId('pager', HTMLElement), pages === 1);
    setText(byId('page-note', HTMLElement), `Page ${this.#page + 1} of ${pages}`);
    byId('page-previous', HTMLButtonElement).disabled = this.#page === 0;
    byId('page-next', HTMLButtonElement).disabled = this.#page === pages - 1;
  }
}

/** A featured picture is shown whole, so one of them may have the whole area. */
const arrangeFeatured = (count: number, area: Area): Rect[] =>
  count === 1 ? [{ ...area, left: 0, top: 0 }] : arrangeTiles(count, area);
