import { INCLUDED_UNITS } from '../../identity/entitlements/index.ts';
import { defineMeter, type Meter } from '../../kernel/modules/index.ts';
import { SPEECH_METERS, type SpeechMeter } from './speech-usage.enums.ts';
import { speechUsed } from './speech-usage.events.ts';

const DESCRIPTIONS: Readonly<Record<SpeechMeter, string>> = {
  spoken_characters:
    'Characters of text that were turned into speech, each request once its sound has begun.',
  translated_characters: 'Characters of text that were translated.',
  recognized_minutes:
    'Sound that was sent for live recognition, with its silence; for agents in calls, only the ' +
    'sentences that they listen to.',
};

/** Spoken and translated text stays counted: the event is the fact. */
export const speechMeters: readonly Meter[] = SPEECH_METERS.map((name) =>
  defineMeter({
    name,
    feature: 'speech',
    unit: name === 'recognized_minutes' ? 'milliseconds' : 'count',
    unitQuantity: INCLUDED_UNITS[name],
    description: DESCRIPTIONS[name],
    dimensions: ['provider', 'model', 'room', 'call', 'agent'],
    event: speechUsed,
    read: async (_ctx, { requestId, meter, provider, model, quantity, causedBy, at, ...place }) =>
      meter === name
        ? [
            {
              key: requestId,
              occurredAtMs: Date.parse(at),
              quantity,
              version: 1,
              dimensions: {
                provider,
                model,
                ...(place.roomId ? { room: place.roomId } : {}),
                ...(place.callId ? { call: place.callId } : {}),
                ...(place.agentId ? { agent: place.agentId } : {}),
              },
              userId: causedBy,
            },
          ]
        : [],
  }),
);
