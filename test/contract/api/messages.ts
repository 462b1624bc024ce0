import { foldModules } from '../../../src/kernel/modules/index.ts';
import { modules } from '../../../src/modules.ts';
import { buildEventCatalogue } from '../../../src/platform/docs/event-catalogue.ts';
import { roomChannel } from '../../../src/realtime/protocol/index.ts';
import { createAsyncApiDocument } from '../../../src/realtime/sockets/index.ts';
import type { Schema } from './document.ts';

/** What is promised outside of OpenAPI: the frames of the sockets and the payloads of the public events. */
export interface Messages {
  /** By socket, sender and type: `room client chat.send`. */
  frames: Record<string, Schema>;
  /** By type: `call.ended`. */
  events: Record<string, { version: number; schema: Schema }>;
}

interface AsyncApiDocument {
  components: { messages: Record<string, { payload: Schema }> };
}

/** The messages of the modules as they are in the working tree. */
export function buildMessages(): Messages {
  const channels = [roomChannel(foldModules(modules, 'frames')), ...foldModules(modules, 'channels')];
  const document = createAsyncApiDocument(channels, 'https://api.auralink.example') as AsyncApiDocument;
  const frames = Object.entries(document.components.messages).map(([key, { payload }]) => {
    const [channel, side, ...type] = key.split('.');
    return [`${channel} ${side} ${type.join('.')}`, payload] as const;
  });
  const { events } = buildEventCatalogue(foldModules(modules, 'events'));
  return {
    frames: Object.fromEntries(frames),
    events: Object.fromEntries(
      events.map(({ type, version, schema }) => {
        const { $schema: _dialect, ...payload } = schema as Schema & { $schema?: string };
        return [type, { version, schema: payload }];
      }),
    ),
  };
}
