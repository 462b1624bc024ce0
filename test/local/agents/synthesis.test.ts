import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SpeechStandIn } from '../../support/ai/speech-stand-in.ts';
import { Synthesis } from '../../../workers/agents/synthesis.ts';

const speech = new SpeechStandIn();
beforeAll(() => speech.start());
afterAll(() => speech.stop());
beforeEach(() => {
  speech.requests.length = 0;
  speech.voices = ['joe'];
});

function synthesisOf(voice: string | null) {
  const lines: string[] = [];
  const service = {
    url: speech.url,
    headers: { authorization: `Bearer ${speech.secret}` },
    voice: undefined,
  };
  const synthesis = new Synthesis(service, voice, (line) => lines.push(line));
  const speak = async () =>
    new Response(await synthesis.speak('Hello.', new AbortController().signal)).text();
  return { speak, lines };
}
const voicesAsked = () => speech.requests.map(({ voice }) => voice);

describe('the voice of an agent', () => {
  it('is that of its version, and that of the process without one', async () => {
    await synthesisOf('joe').speak();
    await synthesisOf(null).speak();
    expect(voicesAsked()).toEqual(['joe', undefined]);
  });

  it('is that of the process from the moment at which the speech service has it no longer', async () => {
    const { speak, lines } = synthesisOf('eve');
    expect([await speak(), await speak()]).toEqual(['ID3 sound', 'ID3 sound']);
    expect(voicesAsked()).toEqual(['eve', undefined, undefined]);
    expect(lines).toEqual(['the speech service has no voice eve: speaking with its own']);
  });

  it('stays when a sentence is refused for another reason, which is not spoken', async () => {
    const { speak } = synthesisOf('joe');
    speech.engineAnswer = { status: 400, body: { error: { code: 'input_invalid', message: 'too long' } } };
    await expect(speak()).rejects.toThrow('refused with 400');
    speech.engineAnswer = undefined;
    await speak();
    expect(voicesAsked()).toEqual(['joe', 'joe']);
  });
});
