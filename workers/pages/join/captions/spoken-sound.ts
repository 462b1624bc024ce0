import type { RemoteTrackPublication, Room } from 'livekit-client';

/** The participant that speaks translations, and how its tracks are named. */
const SPEAKER = 'agt_~spoken';
const PREFIX = 'translation:';
/** The volume of people while a voice speaks what they say. */
const LOWERED = 0.15;

/** The voice that speaks translations in a call: one language of it is played, and the people are quieter meanwhile. */
export class SpokenSound {
  readonly #room: Room;
  readonly #lowered = new Set<string>();

  constructor(room: Room) {
    this.#room = room;
  }

  /**
   * Plays a language, or none.
   * @param isUnderstood whether a person speaks that language themselves
   * @returns whether its voice is there
   */
  play(language: string | null, isUnderstood: (identity: string) => boolean): boolean {
    const wanted = language === null ? null : PREFIX + language;
    let isThere = false;
    for (const publication of this.#tracks()) {
      const isWanted = publication.trackName === wanted;
      if (publication.isDesired !== isWanted) publication.setSubscribed(isWanted);
      isThere ||= isWanted && publication.isSubscribed;
    }
    this.#setVolumes((identity) => isThere && !isUnderstood(identity));
    return isThere;
  }

  #tracks(): RemoteTrackPublication[] {
    const publications = this.#room.remoteParticipants.get(SPEAKER)?.audioTrackPublications.values() ?? [];
    return [...publications].filter(({ trackName }) => trackName.startsWith(PREFIX));
  }

  #setVolumes(isLowered: (identity: string) => boolean): void {
    for (const participant of this.#room.remoteParticipants.values()) {
      const { identity } = participant;
      const lower = identity !== SPEAKER && isLowered(identity);
      if (lower === this.#lowered.has(identity)) continue;
      participant.setVolume(lower ? LOWERED : 1);
      if (lower) this.#lowered.add(identity);
      else this.#lowered.delete(identity);
    }
  }
}
