import { describe, expect, it } from 'vitest';
import { roomServerFrameSchema } from '../../../src/realtime/protocol/index.ts';
import { parseChoice } from '../../../workers/pages/join/captions/caption-choice.ts';
import {
  type Caption,
  isGap,
  isUntranslated,
  linesIn,
  newestEngine,
  reduceCaptions,
} from '../../../workers/pages/join/captions/caption-log.ts';
import { listeningNote, speaksLanguage } from '../../../workers/pages/join/captions/listening.rules.ts';
import { SpokenSound } from '../../../workers/pages/join/captions/spoken-sound.ts';
import { languageToAsk, noteOf, reduceLive } from '../../../workers/pages/join/captions/offered-languages.ts';

const at = '2026-01-05T09:30:00.000Z';
const captionId = 'cap_01jd3v7q8gf4kr2x6a0w9mznpe';
const frame = (value: Record<string, unknown>) => roomServerFrameSchema.parse({ seq: 1, at, ...value });
const body = { speaker: 'usr_ada', identity: 'agt_~captions', version: 1 };
const final = (segmentId: string, text: string, language = 'en') =>
  frame({ type: 'caption.final', segmentId, text, language, ...body });
const partial = (segmentId: string, text: string) =>
  frame({ type: 'caption.partial', segmentId, text, language: 'en', ...body });
const translated = (segmentId: string, text: string, language = 'es', type = 'caption.translated') =>
  frame({ type, segmentId: `${segmentId}-${language}`, text, language, translatedFrom: 'en', ...body });
const gap = (segmentId: string) => final(segmentId, '[…]', 'und');

const logOf = (...frames: ReturnType<typeof frame>[]) =>
  frames.reduce<readonly Caption[]>((captions, each) => reduceCaptions(captions, each), []);
const shown = (language: string, captions: readonly Caption[], awaited: readonly string[] = []) => {
  const { finished, unfinished } = linesIn(language, captions, ({ segmentId }) =>
    awaited.includes(segmentId),
  );
  return [finished, unfinished].map((lines) => lines.map((each) => (isGap(each) ? 'gap' : each.text)));
};

describe('captions in a language', () => {
  it('are those that were spoken, without translations, as long as none is chosen', () => {
    const log = logOf(
      final('1', 'Hello.'),
      translated('1', 'Hola.'),
      translated('1', 'Bonjour.', 'fr', 'caption.final'),
      gap('2'),
      partial('3', 'and'),
    );
    expect(shown('', log)).toEqual([['Hello.', 'gap'], ['and']]);
  });

  it('are translations and what was spoken in it; what is not translated yet is shown apart, and for good when no translation comes', () => {
    const log = logOf(
      final('1', 'Hello.'),
      final('2', 'Buenos días.', 'es'),
      translated('1', 'Hola.'),
      gap('3'),
      final('4', 'Again.'),
    );
    expect(shown('es', log, ['4'])).toEqual([['Buenos días.', 'Hola.', 'gap'], ['Again.']]);
    expect(shown('es', log)).toEqual([['Hola.', 'gap', 'Again.'], []]);
    const marked = log.filter((each) => isUntranslated(each, 'es')).map(({ text }) => text);
    expect(marked).toEqual(['Hello.', 'Again.']);
  });

  it('say what translated them last', () => {
    const byModel = { ...translated('1', 'Hola.'), translatedBy: 'model' } as ReturnType<typeof frame>;
    const log = logOf(final('1', 'Hello.'), byModel);
    expect([newestEngine(log, 'es'), newestEngine(log, 'fr')]).toEqual(['model', undefined]);
  });

  it('that are not finished go when captions end', () => {
    const log = logOf(final('1', 'Hello.'), partial('2', 'and'), frame({ type: 'captions.over', captionId }));
    expect(shown('', log)).toEqual([['Hello.'], []]);
  });

  it('come once, also when a translation is sent again', () => {
    const log = logOf(final('1', 'Hello.'), translated('1', 'Hola.'), translated('1', 'Hola.'));
    expect(shown('es', log)).toEqual([['Hola.'], []]);
  });
});

describe('the captions of a call', () => {
  const live = { captionId, language: 'en', languages: ['es', 'fr'] };
  const running = frame({ type: 'captions.running', captions: live });
  const over = (id = captionId) => frame({ type: 'captions.over', captionId: id });

  it('are on until they are over; the end of others changes nothing', () => {
    expect(reduceLive(undefined, final('1', 'Hello.'))).toBeUndefined();
    expect(reduceLive(null, running)).toEqual(live);
    expect(reduceLive(live, over('cap_01jd3v7q8gf4kr2x6a0w9mznpf'))).toEqual(live);
    expect(reduceLive(live, over())).toBeNull();
  });

  it('are asked for in a language while they are shown and offer it, and for nothing otherwise', () => {
    expect(languageToAsk({ on: true, language: 'es' }, live)).toBe('es');
    for (const [choice, offered] of [
      [{ on: false, language: 'es' }, live],
      [{ on: true, language: 'de' }, live],
      [{ on: true, language: '' }, live],
      [{ on: true, language: 'es' }, null],
      [{ on: true, language: 'es' }, undefined],
    ] as const)
      expect(languageToAsk(choice, offered)).toBeNull();
  });

  it('say why they are not in the language that was chosen, that they are off, or have ended', () => {
    const note = (of: typeof live | null | undefined, fields: Partial<Parameters<typeof noteOf>[1]> = {}) =>
      noteOf(of, { wanted: '', language: '', wereOn: false, isRefused: false, engine: undefined, ...fields })(
        (tag) => tag,
      );
    expect(note(undefined)).toBe('');
    expect(note(null)).toContain('off');
    expect(note(null, { wereOn: true })).toContain('ended');
    expect(note(live)).toBe('');
    expect(note(live, { wanted: 'es', language: 'es' })).toContain('Translated by a program');
    expect(note(live, { wanted: 'es', language: 'es', engine: 'model' })).toContain('by a language model');
    expect(note(live, { wanted: 'en' })).toBe('');
    expect(note(live, { wanted: 'de' })).toContain('de is not available');
    expect(note(live, { wanted: 'es', isRefused: true })).toContain('Too many languages');
  });
});

it('what a browser remembers of captions is read with care', () => {
  const byDefault = { on: false, language: '', size: 'medium' };
  for (const stored of [null, '', 'null', '7', '{}', '{"on":"yes","language":"<b>","size":9}'])
    expect(parseChoice(stored), String(stored)).toEqual(byDefault);
  const choice = { on: true, language: 'pt-BR', size: 'huge' };
  expect(parseChoice(JSON.stringify(choice))).toEqual(choice);
});

describe('a voice that speaks translations', () => {
  class Publication {
    isDesired = true;
    isSubscribed = true;
    readonly trackName: string;
    constructor(trackName: string) {
      this.trackName = trackName;
    }
    setSubscribed(on: boolean): void {
      this.isDesired = on;
      this.isSubscribed = on;
    }
  }
  const person = (...tracks: Publication[]) => ({
    volume: 1,
    audioTrackPublications: new Map(tracks.map((track) => [track.trackName, track])),
    setVolume(volume: number) {
      this.volume = volume;
    },
  });
  function create() {
    const tracks = [new Publication('translation:es'), new Publication('translation:de')] as const;
    const people = {
      ada: person(new Publication('translation:es')),
      bob: person(),
      speaker: person(...tracks),
    };
    const remoteParticipants = new Map(
      Object.entries(people).map(([name, value]) => [
        name === 'speaker' ? 'agt_~spoken' : `usr_${name}`,
        Object.assign(value, { identity: name === 'speaker' ? 'agt_~spoken' : `usr_${name}` }),
      ]),
    );
    const sound = new SpokenSound({ remoteParticipants } as never);
    const volumes = () => Object.values(people).map(({ volume }) => volume);
    return { sound, tracks, people, remoteParticipants, volumes };
  }
  const isBob = (identity: string) => identity === 'usr_bob';

  it('is played in one language, and people are quieter meanwhile, but for those who speak it themselves', () => {
    const { sound, tracks, people, volumes } = create();
    expect(sound.play('es', isBob)).toBe(true);
    expect([tracks.map(({ isDesired }) => isDesired), volumes()]).toEqual([
      [true, false],
      [0.15, 1, 1],
    ]);
    expect(sound.play('de', () => false)).toBe(true);
    expect([tracks.map(({ isDesired }) => isDesired), volumes()]).toEqual([
      [false, true],
      [0.15, 0.15, 1],
    ]);
    expect(sound.play(null, isBob)).toBe(false);
    expect([tracks.map(({ isDesired }) => isDesired), volumes()]).toEqual([
      [false, false],
      [1, 1, 1],
    ]);
    // The name of a track of somebody else means nothing.
    expect([...people.ada.audioTrackPublications.values()][0]!.isDesired).toBe(true);
  });

  it('that is not there leaves everybody as loud as they are, until it comes again', () => {
    const { sound, people, remoteParticipants, volumes } = create();
    sound.play('es', () => false);
    remoteParticipants.delete('agt_~spoken');
    expect([sound.play('es', () => false), volumes()]).toEqual([false, [1, 1, 1]]);
    remoteParticipants.set('agt_~spoken', Object.assign(people.speaker, { identity: 'agt_~spoken' }));
    expect([sound.play('es', () => false), volumes()]).toEqual([true, [0.15, 0.15, 1]]);
  });

  it('is explained, also when it left words out, has not come, or has ended', () => {
    const base = { wanted: 'es', language: 'es', isThere: true, skipped: null } as const;
    const note = (fields: Partial<Parameters<typeof listeningNote>[0]>) =>
      listeningNote({ ...base, ...fields }, (tag) => tag);
    expect(note({ wanted: '', language: '' })).toBe('');
    expect(note({})).toContain('quieter');
    expect(note({ skipped: 'late' })).toContain('left out');
    expect(note({ skipped: 'failed' })).toContain('could not');
    expect(note({ isThere: false })).toContain('Waiting for the voice in es');
    expect(note({ language: '', isThere: false })).toContain('Nothing is spoken in es');
  });

  it('is not needed for those who spoke the language when captions showed them last', () => {
    const log = logOf(final('1', 'Hola.', 'es'), translated('2', 'Adiós.'), final('3', 'Hello.'));
    expect(['es', 'en'].map((language) => speaksLanguage(log, 'usr_ada', language))).toEqual([false, true]);
    expect(speaksLanguage(log, 'usr_bob', 'es')).toBe(false);
  });
});
