import { z } from '@hono/zod-openapi';
import { API_VERSION } from '../../kernel/core/index.ts';

/** A frame as the document shows it. */
export interface DocumentedFrame {
  schema: z.ZodType;
  /** One sentence; the description of the schema by default. */
  summary?: string | undefined;
}

/** A socket as the document shows it. */
export interface SocketChannel {
  /** The prefix of the names of its messages: `room`. */
  name: string;
  title: string;
  description: string;
  /** `/api/v1/rooms/{roomId}/socket` */
  address: string;
  /** Descriptions of the parameters in the address. */
  parameters: Record<string, string>;
  /** Descriptions of the handshake's query parameters. */
  query: Record<string, string>;
  clientFrames: readonly DocumentedFrame[];
  serverFrames: readonly DocumentedFrame[];
  closeCodes: readonly { code: number; reason: string }[];
}

type Json = Record<string, unknown>;

const ref = (path: string) => ({ $ref: `#/${path}` });

function frameTypeOf({ schema }: DocumentedFrame): string {
  const { type } = (schema as z.ZodObject).shape;
  return (type as unknown as z.ZodLiteral<string>).value;
}

/** @param io the form that a sender writes, or the one that a receiver gets: they differ where there are defaults */
function toMessage(frame: DocumentedFrame, io: 'input' | 'output'): Json {
  const { $schema: _version, ...payload } = z.toJSONSchema(frame.schema, { target: 'draft-7', io }) as Json;
  const name = frameTypeOf(frame);
  const summary = frame.summary ?? frame.schema.description;
  return { name, title: name, ...(summary ? { summary } : {}), payload };
}

interface Direction {
  action: 'send' | 'receive';
  side: 'client' | 'server';
  frames: readonly DocumentedFrame[];
  io: 'input' | 'output';
  summary: string;
}

const directionsOf = ({ clientFrames, serverFrames }: SocketChannel): Direction[] => [
  {
    action: 'receive',
    side: 'client',
    frames: clientFrames,
    io: 'input',
    summary: 'Frames that a client sends',
  },
  {
    action: 'send',
    side: 'server',
    frames: serverFrames,
    io: 'output',
    summary: 'Frames that a client receives',
  },
];

function toChannel(channel: SocketChannel, keys: readonly string[]): Json {
  const { title, description, address, parameters, query, closeCodes } = channel;
  const properties = Object.entries(query).map(([name, text]) => [
    name,
    { type: 'string', description: text },
  ]);
  return {
    address,
    title,
    description,
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, text]) => [name, { description: text }]),
    ),
    messages: Object.fromEntries(keys.map((key) => [key, ref(`components/messages/${key}`)])),
    bindings: {
      ws: { method: 'GET', query: { type: 'object', properties: Object.fromEntries(properties) } },
    },
    'x-close-codes': closeCodes,
  };
}

/** Builds the AsyncAPI 3.0 document of the sockets from the schemas that parse their frames. */
export function createAsyncApiDocument(channels: readonly SocketChannel[], publicUrl: string): object {
  const { host, protocol } = new URL(publicUrl);
  const messages: Json = {};
  const operations: Json = {};
  const channelDocuments: Json = {};
  for (const channel of channels) {
    const all: string[] = [];
    for (const { action, side, frames, io, summary } of directionsOf(channel)) {
      const keys = frames.map((frame) => `${channel.name}.${side}.${frameTypeOf(frame)}`);
      frames.forEach((frame, i) => {
        messages[keys[i]!] = toMessage(frame, io);
      });
      operations[`${channel.name}.${side}`] = {
        action,
        summary,
        channel: ref(`channels/${channel.name}`),
        messages: keys.map((key) => ref(`channels/${channel.name}/messages/${key}`)),
      };
      all.push(...keys);
    }
    channelDocuments[channel.name] = toChannel(channel, all);
  }
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'AuraLink sockets',
      version: API_VERSION,
      description: 'The live state of rooms and inboxes over WebSockets.',
    },
    defaultContentType: 'application/json',
    servers: { public: { host, protocol: protocol === 'https:' ? 'wss' : 'ws' } },
    channels: channelDocuments,
    operations,
    components: { messages },
  };
}
